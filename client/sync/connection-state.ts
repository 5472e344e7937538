/**
 * What the connection does next, as a pure function of (state, event, now, random). No timers, no sockets, no DOM.
 *
 * A browser's EventSource gives up for ever on any answer but 200, retries a refused connection without backoff, and
 * believes for minutes in a connection that is dead. So: one retry is left to it, because that is the fastest way back
 * and carries Last-Event-ID; after that this machine decides. What it does without a stream is polling-state.ts.
 */
import { nextDelayMs, streamBackoff } from '../../server/protocol/backoff.ts';
import { silentHeartbeats } from '../../server/protocol/events.ts';
import type { ConnectionEvent, ConnectionState, OpenStream, ProbeResult, Step } from './connection-types.ts';
import { beginPolling, fallBack, nextPolling } from './polling-state.ts';

const ackTimeoutMs = 5_000;
/** To read the cursor, or to fetch a snapshot over a bad link, before a stream can be asked for. */
const prepareTimeoutMs = 300_000;
const probeTimeoutMs = 10_000;
/** So long a stream is given that is behind another answer. */
const shortestBehindMs = 1_000;
/** The server may ask a browser to stay away for so long (a shutdown). */
const longestRetryMs = 8_000;
/** A stream this young need not be opened again because of a wake-up. */
const freshMs = 1_000;
/** A stream that lived for so long worked. */
const steadyMs = 10_000;
/** No jitter is so lucky that two tries follow at once, nor that a server that is away is asked twice in a second. */
const shortestWaitMs = 250;
const shortestAwayMs = 1_000;
/** So many streams in a row that fail while the server answers: something on the way does not let them through. */
const streamsInVain = 3;

export function next(state: ConnectionState, event: ConnectionEvent, now: number, random: number): Step {
  if (event.type === 'stop') return { state: { name: 'stopped' }, effects: ['close', 'end-poll'] };
  if (event.type === 'ack') return acknowledged(state, event.heartbeatMs, now);
  switch (state.name) {
    case 'stopped':
    case 'refused':
      return event.type === 'start' ? connect(0, false, now) : stay(state);
    case 'connecting':
      return nextConnecting(state, event, now);
    case 'catching-up':
    case 'live':
      return nextOpen(state, event, now, random);
    case 'polling':
      if (event.type === 'poll-failed') return probe(state.attempt, 'refused', true, now);
      if (event.type === 'reopen' && state.attempt > 0) return wait(state.attempt, true, now, random);
      return nextPolling(state, event, now);
    case 'probing':
      if (event.type === 'probed') return probed(state, event, now, random);
      if (event.type === 'wake') return connect(0, state.polls, now);
      if (event.type !== 'due') return stay(state);
      return stay({ name: 'waiting', attempt: state.attempt + 1, until: now + freshMs, polls: state.polls });
    case 'waiting':
      if (event.type === 'due') return connect(state.attempt, state.polls, now);
      return event.type === 'wake' || event.type === 'evidence' ? connect(0, state.polls, now) : stay(state);
  }
}

/** When to send `due`, in ms; undefined when nothing is due. */
export function dueAt(state: ConnectionState): number | undefined {
  return 'until' in state ? state.until : undefined;
}

function isFresh(since: number, now: number): boolean {
  // A clock that was put back makes nothing young.
  return now >= since && now - since < freshMs;
}

function stay(state: ConnectionState): Step {
  return { state, effects: [] };
}

function connect(attempt: number, polls: boolean, now: number): Step {
  if (polls) return beginPolling(attempt, now);
  const until = now + prepareTimeoutMs;
  return {
    state: { name: 'connecting', attempt, since: now, until, isRetry: false },
    effects: ['open'],
  };
}

/**
 * Away from a stream that may be dead. The browser may put the next one on a connection that died with it, so that a
 * question beside it says when there is one that lives.
 */
function reconnect(now: number): Step {
  const { state, effects } = connect(0, false, now);
  return {
    state: state.name === 'connecting' ? { ...state, isDoubtful: true } : state,
    effects: [...effects, 'probe'],
  };
}

function probe(
  attempt: number,
  stream: Extract<ConnectionState, { name: 'probing' }>['stream'],
  polls: boolean,
  now: number,
): Step {
  return {
    state: { name: 'probing', attempt, until: now + probeTimeoutMs, stream, polls },
    effects: polls ? ['close', 'end-poll', 'probe'] : ['close', 'probe'],
  };
}

function wait(attempt: number, polls: boolean, now: number, random: number): Step {
  const until = now + shortestWaitMs + nextDelayMs(0, random, streamBackoff);
  return {
    state: { name: 'waiting', attempt: attempt + 1, until, polls },
    effects: polls ? ['close', 'end-poll'] : ['close'],
  };
}

function acknowledged(state: ConnectionState, heartbeatMs: number, now: number): Step {
  const isTrial = state.name === 'polling' && state.stream === 'trying';
  if (!isTrial && state.name !== 'connecting') return stay(state);
  const until = now + silentHeartbeats * heartbeatMs;
  const isRetry = state.name === 'connecting' && state.isRetry;
  const { attempt } = state;
  return {
    state: { name: 'catching-up', attempt, heartbeatMs, until, openedAt: now, isRetry },
    effects: isTrial ? ['end-poll'] : [],
  };
}

function nextConnecting(
  state: Extract<ConnectionState, { name: 'connecting' }>,
  event: ConnectionEvent,
  now: number,
): Step {
  switch (event.type) {
    case 'opened':
      return stay({ ...state, until: now + ackTimeoutMs });
    // The browser's one retry has failed as well, or the first connection did.
    case 'failed':
      return probe(state.attempt, 'refused', false, now);
    case 'reopen':
      return connect(state.attempt, false, now);
    case 'due': {
      // Nothing came where the browser tried by itself, or on what may be dead: once more, before any conclusion.
      const isNoProof = state.isRetry || state.isDoubtful;
      return isNoProof ? connect(state.attempt, false, now) : probe(state.attempt, 'silent', false, now);
    }
    case 'probed':
      return state.isDoubtful ? probedBeside(state, event.result, now) : stay(state);
    case 'wake':
      return !state.isRetry && isFresh(state.since, now) ? stay(state) : connect(0, false, now);
    default:
      return stay(state);
  }
}

/** Another connection brought an answer: a stream that lives is not far behind it. */
function probedBeside(
  state: Extract<ConnectionState, { name: 'connecting' }>,
  result: ProbeResult['result'],
  now: number,
): Step {
  if (result === 'unreachable') return stay(state);
  if (result !== 'signed-in') return { state: { name: 'refused', why: result }, effects: ['close'] };
  const behindMs = Math.max(shortestBehindMs, (now - state.since) / 2);
  return stay({ ...state, until: Math.min(state.until, now + behindMs) });
}

function nextOpen(
  state: { name: 'catching-up' | 'live' } & OpenStream,
  event: ConnectionEvent,
  now: number,
  random: number,
): Step {
  const until = now + silentHeartbeats * state.heartbeatMs;
  switch (event.type) {
    case 'heard':
      return stay({ ...state, until });
    case 'caught-up':
      return stay({ ...state, name: 'live', attempt: 0, until });
    case 'failed':
      return openFailed(state, event.closed, now);
    case 'reopen':
      // Once at once; a server that says so again and again is not asked more than about once a second.
      return state.attempt === 0 ? connect(1, false, now) : wait(state.attempt, false, now, random);
    // Silence: the connection is dead, whatever the browser believes.
    case 'due':
      return reconnect(now);
    case 'wake':
      return isFresh(state.openedAt, now) ? stay(state) : reconnect(now);
    default:
      return stay(state);
  }
}

function openFailed(state: OpenStream, closed: boolean, now: number): Step {
  if (closed) return probe(state.attempt + 1, 'worked', false, now);
  // A stream that the browser itself had opened again and that ended young: cut off each time, it would try twice a second.
  if (state.isRetry && now - state.openedAt < steadyMs) return probe(1, 'worked', false, now);
  const until = now + longestRetryMs + ackTimeoutMs;
  return stay({ name: 'connecting', attempt: 0, since: now, until, isRetry: true });
}

function probed(
  { attempt, stream, polls }: Extract<ConnectionState, { name: 'probing' }>,
  { result, afterMs = 0 }: ProbeResult,
  now: number,
  random: number,
): Step {
  if (result === 'signed-out' || result === 'other-person') return stay({ name: 'refused', why: result });
  const answers = result === 'signed-in';
  // The server answers, and its stream does not come through.
  const isInVain = stream === 'silent' || (stream === 'refused' && attempt >= streamsInVain);
  if (answers && isInVain && !polls) return fallBack(attempt, now);
  // Where the server answers it was a passing fault of this one stream, and needs no long wait the first time.
  const delayMs = answers
    ? shortestWaitMs + nextDelayMs(attempt - 1, random, streamBackoff)
    : shortestAwayMs + nextDelayMs(attempt, random, streamBackoff);
  return stay({ name: 'waiting', attempt: attempt + 1, until: now + Math.max(delayMs, afterMs), polls });
}
