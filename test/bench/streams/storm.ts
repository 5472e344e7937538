/**
 * Phones that all come back in the same second with messages behind each, read from disk, while two who were there all
 * the time go on writing to each other.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SqliteStore } from '../../../server/store/sqlite-store.ts';
import { Crowd, until, type Member } from './crowd.ts';

const draftsAtOnce = 100;
const openedAtOnce = 500;

export interface StormFigures {
  /** From the first phone to the last that is caught up. */
  seconds: number;
  /** Of the server's process, all threads. */
  cpuMicrosecondsPerEvent: number;
  live: { sent: number; p50Ms: number; p99Ms: number };
  longestStallMs: number;
}

export async function storm(phones: number, behindEach = 100): Promise<StormFigures> {
  const crowd = await Crowd.gather(phones + 2, {
    before: (store, members) => fill(store, members, behindEach),
  });
  try {
    const [ann, bob] = crowd.members.slice(-2) as [Member, Member];
    const listening = crowd.connect(bob);
    await until(listening, 'event: heartbeat');
    await crowd.cost();
    const over = new AbortController();
    const live = liveTimes(crowd, ann, bob, listening, over.signal);
    const began = performance.now();
    const back: Promise<void>[] = [];
    for (const [n, member] of crowd.members.slice(0, phones).entries()) {
      back.push(until(crowd.connect(member, member.cursor), 'event: heartbeat'));
      // The kernel's queue of new connections is no longer than that.
      if (n % openedAtOnce === openedAtOnce - 1) await sleep(1);
    }
    await Promise.all(back);
    const seconds = (performance.now() - began) / 1000;
    over.abort();
    const times = (await live).toSorted((a, b) => a - b);
    const { cpuMs, longestStallMs } = await crowd.cost();
    return {
      seconds,
      cpuMicrosecondsPerEvent: (cpuMs * 1000) / (phones * behindEach),
      live: {
        sent: times.length,
        p50Ms: times[Math.floor(times.length * 0.5)]!,
        p99Ms: times[Math.floor(times.length * 0.99)]!,
      },
      longestStallMs,
    };
  } finally {
    await crowd.leave();
  }
}

/** Each has written to the next, so that each has what they wrote and what they got behind them. */
async function fill(store: SqliteStore, members: Member[], behindEach: number): Promise<void> {
  for (let from = 0; from < members.length; from += 50) {
    const some = members.slice(from, from + 50);
    await Promise.all(
      some.map(async ({ personId }, n) => {
        const to = members[(from + n + 1) % members.length]!.nick;
        for (let count = 0; count < behindEach / 2; count += draftsAtOnce) {
          const drafts = Array.from({ length: Math.min(draftsAtOnce, behindEach / 2 - count) }, () => ({
            id: crypto.randomUUID(),
            to,
            text: 'A message as people write it.',
            composedAt: new Date(0).toISOString(),
          }));
          const { results } = await store.append(personId, drafts, new Date(0).toISOString());
          assert.ok(results.every(({ status }) => status === 'accepted'));
        }
      }),
    );
  }
}

/** How long each message took, from being sent to being read on the other's stream. */
async function liveTimes(
  crowd: Crowd,
  ann: Member,
  bob: Member,
  listening: ReturnType<Crowd['connect']>,
  over: AbortSignal,
): Promise<number[]> {
  const times: number[] = [];
  while (!over.aborted) {
    const id = crypto.randomUUID();
    const heard = until(listening, id);
    const began = performance.now();
    const draft = { id, to: bob.nick, text: 'live', composedAt: new Date().toISOString() };
    await crowd.post(ann, '/api/messages', { messages: [draft] });
    await heard;
    times.push(performance.now() - began);
    await sleep(10);
  }
  return times;
}
