import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { flushOutbox, type FlushTools } from '../../client/store/flush-outbox.ts';
import { enqueueMessage } from '../../client/store/outbox.ts';
import type { Draft } from '../../server/protocol/requests.ts';

after(() => closeChanges());

it('sends over a line that is just fast enough, without trying again and again what is too much for it', async () => {
  const db = new Database(randomUUID());
  const [me, peer] = [
    { id: db.personId, nick: 'ann' },
    { id: 'id-of-bob', nick: 'bob' },
  ];
  for (let at = 1; at <= 16; at += 1) {
    const composedAt = new Date(at).toISOString();
    await enqueueMessage(db, { id: randomUUID(), me, peer, text: String(at), composedAt });
  }
  // Four seconds a message, and nobody waits for more than twenty.
  const perMessageMs = 4_000;
  const patienceMs = 20_000;
  let now = 1_000_000;
  const tried: number[] = [];
  const sent: string[] = [];
  const accept = ({ text, ...draft }: Draft) => {
    sent.push(text);
    const message = { ...draft, text, from: 'ann', fromId: db.personId, toId: peer.id };
    const acceptedAt = new Date(now).toISOString();
    return {
      id: draft.id,
      status: 'accepted',
      message: { ...message, seq: sent.length, acceptedAt },
    } as const;
  };
  const tools: FlushTools = {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms: number) => void (now += ms),
    async submit(drafts) {
      tried.push(drafts.length);
      const tookMs = drafts.length * perMessageMs;
      now += Math.min(tookMs, patienceMs);
      if (tookMs > patienceMs) return { kind: 'retry-later', why: 'timeout' };
      return { kind: 'answered', results: drafts.map(accept) };
    },
  };
  for (let flushes = 0; sent.length < 16 && flushes < 20; flushes += 1) {
    now += 60_000;
    await flushOutbox(db, tools);
  }
  assert.deepEqual(tried, [16, 8, 4, 4, 4, 4]);
  assert.deepEqual(
    sent,
    Array.from({ length: 16 }, (_, at) => String(at + 1)),
  );
});
