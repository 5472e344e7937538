/**
 * Who has the one stream of this browser, as a pure function of (state, event, now): one Web Lock, and a lease on top
 * of it, because a frozen tab keeps its lock. No locks, no channel, no DOM here.
 *
 * A visible tab goes before a hidden one, which a phone may stop at any moment: a hidden leader gives way to a visible
 * tab at once. Two leaders for a moment do no harm; none for long does.
 */
export type LeaderState = { visible: boolean } & (
  | /** Neither leads nor asks to: not started, or about to be frozen or cached. */
    { name: 'out' }
  /** In the queue for the lock. `heardAt`: when a leader last showed that it lives, or since when that is waited for. */
  | { name: 'waiting'; heardAt: number }
  /** Has the lock, but nobody sees this tab: a visible one may say until `until` that it wants to lead. */
  | { name: 'offering'; until: number }
  /** Has the stream, and says so again at `until`. */
  | { name: 'leading'; until: number }
);

export type LeaderEvent =
  | { type: 'enter' }
  /** Over, or the tab is about to be frozen, cached or closed. */
  | { type: 'leave' }
  | { type: 'seen'; visible: boolean }
  /** The lock is ours. */
  | { type: 'granted' }
  /** The lock was taken from us, or could not be had. */
  | { type: 'lost' }
  /** Another tab that has the lock lives. */
  | { type: 'beat'; visible: boolean }
  /** A visible tab that has no stream wants to have it. */
  | { type: 'claim' }
  /** `dueAt` has passed. */
  | { type: 'due' };

/** `queue`: ask for the lock and wait; `steal`: take it. `drop`: end asking or holding. `lead`, `follow`: the stream. */
export type LeaderEffect = 'queue' | 'steal' | 'drop' | 'lead' | 'follow' | 'say-beat' | 'say-claim';

export interface LeaderStep {
  state: LeaderState;
  effects: LeaderEffect[];
}

const beatMs = 3_000;
/** A leader that was silent for so long is frozen. */
const silentMs = 8_000;
/** Time for a visible tab to say that it is there. */
const offerMs = 200;

export function nextLeader(state: LeaderState, event: LeaderEvent, now: number): LeaderStep {
  const { visible } = state;
  const isHolder = state.name === 'leading' || state.name === 'offering';
  switch (event.type) {
    case 'enter':
      return state.name === 'out' ? wait(visible, now, 'queue') : stay(state);
    case 'leave':
      if (state.name === 'out') return stay(state);
      return { state: { name: 'out', visible }, effects: ending(state, 'drop') };
    case 'seen':
      if (event.visible === visible) return stay(state);
      return seen({ ...state, visible: event.visible }, now);
    case 'granted':
      if (state.name !== 'waiting') return stay(state);
      return visible
        ? lead(visible, now)
        : { state: { name: 'offering', visible, until: now + offerMs }, effects: ['say-beat'] };
    case 'lost':
      if (state.name === 'out') return stay(state);
      return wait(visible, now, ...ending(state, 'queue'));
    case 'beat':
      if (state.name !== 'waiting') return stay(state);
      return {
        state: { ...state, heardAt: now },
        effects: visible && !event.visible ? ['say-claim'] : [],
      };
    case 'claim':
      // Behind the tab that asked, and behind those that queued before it; each hidden one of them gives way in turn.
      return isHolder && !visible ? wait(visible, now, ...ending(state, 'drop', 'queue')) : stay(state);
    case 'due':
      if (isHolder) {
        return state.name === 'offering' ? lead(visible, now) : beat(visible, now);
      }
      return state.name === 'waiting' && visible ? wait(visible, now, 'drop', 'steal') : stay(state);
  }
}

/** When to send `due`, in ms; undefined when nothing is due. */
export function leaderDueAt(state: LeaderState): number | undefined {
  if (state.name === 'leading' || state.name === 'offering') return state.until;
  // A hidden tab does not steal: it cannot tell a frozen leader from its own sleep.
  return state.name === 'waiting' && state.visible ? state.heardAt + silentMs : undefined;
}

function stay(state: LeaderState): LeaderStep {
  return { state, effects: [] };
}

function wait(visible: boolean, now: number, ...effects: LeaderEffect[]): LeaderStep {
  if (visible) effects.push('say-claim');
  return { state: { name: 'waiting', visible, heardAt: now }, effects };
}

function lead(visible: boolean, now: number): LeaderStep {
  const step = beat(visible, now);
  return { ...step, effects: ['lead', ...step.effects] };
}

function beat(visible: boolean, now: number): LeaderStep {
  return { state: { name: 'leading', visible, until: now + beatMs }, effects: ['say-beat'] };
}

function ending(state: LeaderState, ...effects: LeaderEffect[]): LeaderEffect[] {
  return state.name === 'leading' ? ['follow', ...effects] : effects;
}

function seen(state: LeaderState, now: number): LeaderStep {
  switch (state.name) {
    case 'out':
      return stay(state);
    case 'waiting':
      // While hidden it may have heard nothing, and must not steal for that.
      return state.visible ? { state: { ...state, heardAt: now }, effects: ['say-claim'] } : stay(state);
    case 'offering':
      return state.visible ? lead(true, now) : stay(state);
    case 'leading':
      // Whoever is visible then says so.
      return beat(state.visible, now);
  }
}
