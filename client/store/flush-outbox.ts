/**
 * The flush: what waits goes out, oldest first, in batches. The same module for page and worker, under one Web Lock.
 *
 * It never gives up on a row and never reorders: what does not work now means *later*, with everything where it was.
 */
import { nextDelayMs, outboxBackoff } from '../../server/protocol/backoff.ts';
import { maxDrafts } from '../../server/protocol/requests.ts';
import { announceChange } from './changes.ts';
import type { Database, FlushState, FlushTrouble, OutboxRow } from './database.ts';
import { handOver, type HandOverTools } from './hand-over.ts';
import { hedgeAfterMs, newsAfterMs } from './hedge.ts';
import { claimBatch, failMessage, hasNothingQueued } from './outbox.ts';
import { longestRetryAfterMs } from './retry-after.ts';
import { takeTurn, waitForTurn, type FlushRequest } from './flush-turn.ts';
import { knock, submitMessages, type Knock } from './submit-messages.ts';

const maxBatchBytes = 32 * 1024;
/** A batch that was answered by then had time to spare. */
const quickMs = 8_000;
/** Between two tries, while they fail. */
const gapMs = 1_000;

export type FlushEnd =
  /** Nothing waits any more. */
  | { kind: 'drained' }
  /** Stopped until `tryAt` (ms), or until there is reason to believe that it works again. */
  | { kind: 'later'; tryAt: number }
  /** Stopped until the right person is signed in. Everything is kept. */
  | { kind: 'paused'; why: 'signed-out' | 'other-person' };

export interface FlushTools extends HandOverTools {
  /**
   * Asked before a try that is likely to fail. What was composed in a tunnel is then not counted as tried, and the
   * person can go on changing it; nor does a portal get to see a message.
   */
  knock?: (as: string) => Promise<Knock>;
  random: () => number;
  sleep?: (ms: number) => Promise<void>;
}

const realTools: FlushTools = {
  submit: submitMessages,
  knock,
  now: Date.now,
  random: Math.random,
  pace: { newsMs: newsAfterMs, silenceMs: hedgeAfterMs },
};

const calm: FlushState = { failures: 0, nextTryAt: 0, holdUntil: 0, batchLimit: maxDrafts, why: null };

/** How the last flush ended, for the timer of the next and for the person. */
export async function readFlushState(db: Database): Promise<FlushState> {
  const state = await db.read(['meta'], (tx) => tx.objectStore('meta').get('flush'));
  return typeof state === 'object' ? state : calm;
}

/** Flushes now, or after the flush that is running; if one waits for that already, it will do for both. */
export function flushOutbox(
  db: Database,
  tools: FlushTools = realTools,
  request: FlushRequest = {},
): Promise<FlushEnd | undefined> {
  return takeTurn(db, tools.now, request, () => drain(db, tools, request));
}

/**
 * Waits behind a flush that has begun elsewhere, and goes on with it should that one die; where it ends well there is
 * nothing left to do.
 */
export async function standBy(db: Database, signal?: AbortSignal): Promise<void> {
  const request = { onlyIfDue: true, signal };
  await waitForTurn(db, Date.now, request, () => drain(db, realTools, request));
}

async function drain(db: Database, tools: FlushTools, request: FlushRequest): Promise<FlushEnd> {
  let state = await readFlushState(db);
  const began = tools.now();
  // A hold for longer than any server is granted was not meant so: the device's clock was set back.
  const holdMs = state.holdUntil - began;
  if (holdMs > 0 && holdMs <= longestRetryAfterMs) return { kind: 'later', tryAt: state.holdUntil };
  const waitMs = state.nextTryAt - began;
  // A time further off than any backoff was not meant so: the device's clock was set back.
  if (request.onlyIfDue && waitMs > 0 && waitMs <= outboxBackoff.capMs) {
    return { kind: 'later', tryAt: state.nextTryAt };
  }
  if (await hasNothingQueued(db)) return drained(db);
  // Whoever asks, and however often: a network that fails is tried once a second at most.
  const restMs = Math.min(gapMs, (state.triedAt ?? 0) + gapMs - began);
  if (restMs > 0) await (tools.sleep ?? sleep)(restMs);
  state = { ...state, triedAt: tools.now() };
  if (state.failures > 0 || !seemsOnline()) {
    // A sign of life: nothing is claimed yet that would show one.
    await saveFlushState(db, state);
    const answer = (await tools.knock?.(db.personId)) ?? { kind: 'open' };
    if (answer.kind === 'retry-later') return later(db, state, tools, answer.why, answer.afterMs);
    if (answer.kind !== 'open') return paused(db, state, answer.kind);
  }
  /** While a refused batch is being halved down to the guilty row. */
  let narrowed: number | undefined;
  for (;;) {
    // The page is being frozen: what it sent is settled by whoever flushes next.
    if (request.signal?.aborted) return { kind: 'later', tryAt: state.nextTryAt };
    state = { ...state, triedAt: tools.now() };
    const most = narrowed ?? Math.max(1, state.batchLimit);
    const claimed = await claimBatch(db, { maxDrafts: most, maxBytes: maxBatchBytes }, tools.now());
    if (claimed.length === 0) return drained(db);
    // While the guilty one is looked for, nothing new comes between.
    const pace = narrowed === undefined ? tools.pace : undefined;
    const handedOver = await handOver(db, claimed, { ...tools, pace }, request.signal);
    const { batch, submission } = handedOver;
    switch (submission.kind) {
      case 'answered': {
        narrowed = undefined;
        // On a line that is just fast enough for so many, twice as many would be too many.
        const batchLimit =
          handedOver.tookMs < quickMs ? Math.min(maxDrafts, state.batchLimit * 2) : state.batchLimit;
        state = { ...calm, batchLimit };
        continue;
      }
      case 'refused': {
        const [first] = batch as [OutboxRow, ...OutboxRow[]];
        if (batch.length === 1) await failMessage(db, first, submission.refusal);
        narrowed = batch.length === 1 ? undefined : Math.ceil(batch.length / 2);
        continue;
      }
      case 'signed-out':
      case 'other-person':
        return paused(db, state, submission.kind);
      case 'retry-later': {
        if (submission.why === 'timeout') state = { ...state, batchLimit: Math.ceil(batch.length / 2) };
        return later(db, state, tools, submission.why, submission.afterMs);
      }
    }
  }
}

/** A hint and no more: browsers are wrong about it both ways. */
function seemsOnline(): boolean {
  return (navigator as { onLine?: boolean }).onLine !== false;
}

async function drained(db: Database): Promise<FlushEnd> {
  await saveFlushState(db, calm);
  return { kind: 'drained' };
}

async function paused(
  db: Database,
  state: FlushState,
  why: 'signed-out' | 'other-person',
): Promise<FlushEnd> {
  await saveFlushState(db, { ...state, why });
  return { kind: 'paused', why };
}

async function later(
  db: Database,
  state: FlushState,
  { now, random }: FlushTools,
  why: FlushTrouble,
  afterMs = 0,
): Promise<FlushEnd> {
  const delayMs = Math.max(afterMs, nextDelayMs(state.failures, random(), outboxBackoff));
  const nextTryAt = now() + delayMs;
  const holdUntil = afterMs > 0 ? now() + afterMs : 0;
  await saveFlushState(db, { ...state, failures: state.failures + 1, nextTryAt, holdUntil, why });
  return { kind: 'later', tryAt: nextTryAt };
}

async function saveFlushState(db: Database, state: FlushState): Promise<void> {
  if (JSON.stringify(await readFlushState(db)) === JSON.stringify(state)) return;
  const changed = await db.write(['meta'], async (tx) => {
    const before = await tx.objectStore('meta').get('flush');
    await tx.objectStore('meta').put(state, 'flush');
    return typeof before !== 'object' || before.why !== state.why || before.nextTryAt !== state.nextTryAt;
  });
  if (changed) announceChange('outbox');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
