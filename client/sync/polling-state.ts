/**
 * The part of the connection's machine that does without a stream, because something on the way holds streams back.
 * From time to time, and whenever the network may be another one, a stream is tried beside the polls, which go on until
 * its `ack`: whoever polls in vain of a better way loses nothing by looking for it.
 */
import type { ConnectionEvent, Polling, Step } from './connection-types.ts';

/** How long the polls are left alone before a stream is tried again. */
const streamAgainMs = 600_000;
/** Longer than for the first stream: nothing waits for it. */
const trialMs = 15_000;
/** Before a trial, the cursor may have to be fetched. */
const prepareMs = 60_000;
/** A poll this young need not be begun again because of a wake-up. */
const freshMs = 1_000;

/** A network that may be another one than before: polls at once, and a stream as soon as one was answered. */
export function beginPolling(attempt: number, now: number): Step {
  return { state: polling(attempt, 'soon', now), effects: ['close', 'poll'] };
}

/** The stream does not come through, although the server answers. */
export function fallBack(attempt: number, now: number): Step {
  return { state: polling(attempt, 'none', now), effects: ['close', 'poll'] };
}

function polling(attempt: number, stream: 'none' | 'soon', now: number): Polling {
  return { name: 'polling', attempt, since: now, heard: 'nothing', stream, until: now + streamAgainMs };
}

/** What `next` of connection-state.ts leaves to this file: a poll that failed and `ack` lead elsewhere. */
export function nextPolling(state: Polling, event: ConnectionEvent, now: number): Step {
  switch (event.type) {
    case 'polled': {
      const heard = event.more && state.heard !== 'all' ? 'something' : 'all';
      const answered: Polling = { ...state, attempt: 0, heard };
      return state.stream === 'soon' ? tryStream(answered, now) : stay(answered);
    }
    case 'opened':
      return state.stream === 'trying' ? stay({ ...state, until: now + trialMs }) : stay(state);
    case 'failed':
      return state.stream === 'trying' ? endTrial(state, now) : stay(state);
    case 'due':
      return state.stream === 'trying' ? endTrial(state, now) : tryStream(state, now);
    case 'wake':
      return now >= state.since && now - state.since < freshMs ? stay(state) : pollAnew(state, now);
    case 'reopen':
      return pollAnew({ ...state, attempt: 1 }, now);
    default:
      return stay(state);
  }
}

function stay(state: Polling): Step {
  return { state, effects: [] };
}

function tryStream(state: Polling, now: number): Step {
  return { state: { ...state, stream: 'trying', until: now + prepareMs }, effects: ['open'] };
}

function endTrial(state: Polling, now: number): Step {
  return { state: { ...state, stream: 'none', until: now + streamAgainMs }, effects: ['close'] };
}

function pollAnew(state: Polling, now: number): Step {
  const until = now + streamAgainMs;
  return { state: { ...state, since: now, stream: 'soon', until }, effects: ['close', 'poll'] };
}
