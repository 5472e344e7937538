/**
 * What the connection does next, as a pure function of (state, event, now, random). No timers, no sockets, no DOM.
 *
 * A browser's EventSource gives up for ever on any answer but 200, retries a refused connection without backoff, and
 * believes for minutes in a connection that is dead. So: one retry is left to it, because that is the fastest way back
 * and carries Last-Event-ID; after that this machine decides.
 */
import { nextDelayMs, streamBackoff } from '../../server/protocol/backoff.ts';
import { silentHeartbeats } from '../../server/protocol/events.ts';

export type ConnectionState =
  /** Nothing wanted: not the leader, signed out, or hidden. */
  | { name: 'stopped' }
  /** A stream was opened, or the browser opens it again by itself; `ack` is due by `until`. */
  | { name: 'connecting'; attempt: number; until: number; isRetry: boolean }
  /** `ack` came, and what was missed is being read. Something is due by `until`. */
  | { name: 'catching-up'; heartbeatMs: number; until: number; openedAt: number }
  /** All is read. Something is due by `until`. */
  | { name: 'live'; heartbeatMs: number; until: number; openedAt: number }
  /** It failed: is it the network or the session? Asked at once, answered by `until`. */
  | { name: 'probing'; attempt: number; until: number }
  /** To be tried again at `until`. */
  | { name: 'waiting'; attempt: number; until: number }
  /** The session is gone, or is another person's. */
  | { name: 'refused'; why: 'signed-out' | 'other-person' };

export type ConnectionEvent =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'ack'; heartbeatMs: number }
  /** Anything at all came. */
  | { type: 'heard' }
  /** The first heartbeat after the replay. */
  | { type: 'caught-up' }
  /** The stream failed; `closed` when the browser has given up on it. */
  | { type: 'failed'; closed: boolean }
  /** What came could not be stored, or a snapshot is needed: go on from the stored cursor. */
  | { type: 'reopen' }
  | { type: 'probed'; result: 'signed-in' | 'signed-out' | 'other-person' | 'unreachable' }
  /** Reason to believe that the network has changed: online, pageshow, back from the background, the person asks. */
  | { type: 'wake' }
  /** `until` has passed. */
  | { type: 'due' };

/** `open`: close what is open and open anew from the stored cursor. */
export type Effect = 'open' | 'close' | 'probe';

export interface Step {
  state: ConnectionState;
  effects: Effect[];
}

const ackTimeoutMs = 5_000;
const probeTimeoutMs = 10_000;
/** A stream this young need not be opened again because of a wake-up. */
const freshMs = 1_000;

export function next(state: ConnectionState, event: ConnectionEvent, now: number, random: number): Step {
  switch (event.type) {
    case 'start':
      return state.name === 'stopped' || state.name === 'refused' ? connect(0, now) : stay(state);
    case 'stop':
      return { state: { name: 'stopped' }, effects: ['close'] };
    case 'ack':
      return isOpen(state)
        ? stay({
            name: 'catching-up',
            heartbeatMs: event.heartbeatMs,
            until: now + silentHeartbeats * event.heartbeatMs,
            openedAt: now,
          })
        : stay(state);
    case 'heard':
      return state.name === 'live' || state.name === 'catching-up'
        ? stay({ ...state, until: now + silentHeartbeats * state.heartbeatMs })
        : stay(state);
    case 'caught-up':
      return state.name === 'catching-up'
        ? stay({ ...state, name: 'live', until: now + silentHeartbeats * state.heartbeatMs })
        : stay(state);
    case 'failed':
      return failed(state, event.closed, now);
    case 'reopen':
      return isOpen(state) ? connect(0, now) : stay(state);
    case 'probed':
      return state.name === 'probing' ? probed(state.attempt, event.result, now, random) : stay(state);
    case 'wake':
      return wake(state, now);
    case 'due':
      return due(state, now);
  }
}

/** When to send `due`, in ms; undefined when nothing is due. */
export function dueAt(state: ConnectionState): number | undefined {
  return 'until' in state ? state.until : undefined;
}

function connect(attempt: number, now: number): Step {
  return {
    state: { name: 'connecting', attempt, until: now + ackTimeoutMs, isRetry: false },
    effects: ['open'],
  };
}

function stay(state: ConnectionState): Step {
  return { state, effects: [] };
}

function probe(attempt: number, now: number): Step {
  return { state: { name: 'probing', attempt, until: now + probeTimeoutMs }, effects: ['close', 'probe'] };
}

function isOpen(state: ConnectionState): boolean {
  return state.name === 'connecting' || state.name === 'catching-up' || state.name === 'live';
}

function failed(state: ConnectionState, closed: boolean, now: number): Step {
  if (state.name === 'live' || state.name === 'catching-up') {
    if (closed) return probe(0, now);
    // The server may have asked for up to 8 s (a shutdown), and then `ack` needs its time.
    return stay({ name: 'connecting', attempt: 0, until: now + 8_000 + ackTimeoutMs, isRetry: true });
  }
  // The browser's one retry has failed as well, or the first connection did.
  return state.name === 'connecting' ? probe(state.attempt, now) : stay(state);
}

function probed(
  attempt: number,
  result: Extract<ConnectionEvent, { type: 'probed' }>['result'],
  now: number,
  random: number,
): Step {
  if (result === 'signed-out' || result === 'other-person') return stay({ name: 'refused', why: result });
  // The server answers: it was a passing fault of this one stream, and needs no long wait the first time.
  const delayMs = nextDelayMs(result === 'signed-in' ? attempt - 1 : attempt, random, streamBackoff);
  return stay({ name: 'waiting', attempt: attempt + 1, until: now + delayMs });
}

function wake(state: ConnectionState, now: number): Step {
  switch (state.name) {
    case 'live':
    case 'catching-up':
      return now - state.openedAt < freshMs ? stay(state) : connect(0, now);
    case 'connecting':
      return state.until - now > ackTimeoutMs - freshMs && !state.isRetry ? stay(state) : connect(0, now);
    case 'waiting':
    case 'probing':
      return connect(0, now);
    case 'stopped':
    case 'refused':
      return stay(state);
  }
}

function due(state: ConnectionState, now: number): Step {
  switch (state.name) {
    case 'connecting':
      return probe(state.attempt, now);
    // Silence: the connection is dead, whatever the browser believes.
    case 'catching-up':
    case 'live':
      return connect(0, now);
    case 'waiting':
      return connect(state.attempt, now);
    case 'probing':
      return { state: { name: 'waiting', attempt: state.attempt + 1, until: now + 1_000 }, effects: [] };
    case 'stopped':
    case 'refused':
      return stay(state);
  }
}
