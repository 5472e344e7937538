import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { listConversations } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { readDraft, saveDraft } from '../../client/store/drafts.ts';
import { flushOutbox } from '../../client/store/flush-outbox.ts';
import { MemoryDatabase } from '../../client/store/memory-database.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { listUnconfirmed, reofferUnconfirmed } from '../../client/store/reoffer.ts';
import { deleteQueued } from '../../client/store/queue.ts';
import { readThread } from '../../client/store/thread.ts';
import { applyEvents, readCursor } from '../../client/store/timeline.ts';
import { currentTrouble, endTrouble } from '../../client/store/trouble.ts';
import type { Message } from '../../server/protocol/requests.ts';

const bob = { id: 'id-of-bob', nick: 'bob' };
const realOpen = indexedDB.open;

beforeEach(() => {
  indexedDB.open = () => {
    throw new DOMException('Not in a private window.', 'SecurityError');
  };
});
afterEach(() => {
  indexedDB.open = realOpen;
  endTrouble('memory');
});
after(() => closeChanges());

function memoryDatabase(): Database {
  return new Database(randomUUID(), { inMemory: () => new MemoryDatabase() });
}

async function compose(db: Database, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    const me = { id: db.personId, nick: 'ann' };
    await enqueueMessage(db, {
      id: randomUUID(),
      me,
      peer: bob,
      text,
      composedAt: new Date().toISOString(),
    });
  }
}

describe('a device that lets nothing be stored', () => {
  it('composes, sends, settles and receives in memory as it does on a disk, and says that nothing is kept', async () => {
    const db = memoryDatabase();
    await saveDraft(db, bob.id, 'one');
    await compose(db, 'one', 'two', 'three');
    assert.equal(currentTrouble(), 'memory');
    assert.equal(await db.isInMemory(), true);
    assert.equal(await readDraft(db, bob.id), '');
    assert.deepEqual(
      (await listOutbox(db)).map(({ ordinal, text }) => [ordinal, text]),
      [
        [1, 'one'],
        [2, 'two'],
        [3, 'three'],
      ],
    );
    await deleteQueued(db, (await listOutbox(db))[1]!.id);
    const accepted: Message[] = [];
    const end = await flushOutbox(db, {
      now: () => 5,
      random: () => 1,
      submit: async (drafts) => ({
        kind: 'answered',
        results: drafts.map((draft) => {
          const sender = { from: 'ann', fromId: db.personId, toId: bob.id };
          const message = { ...draft, ...sender, seq: accepted.length + 1, acceptedAt: draft.composedAt };
          accepted.push(message);
          return { id: draft.id, status: 'accepted', message } as const;
        }),
      }),
    });
    assert.deepEqual(end, { kind: 'drained' });
    assert.equal(await reofferUnconfirmed(db, await listUnconfirmed(db)), 2);
    await applyEvents(
      db,
      accepted.map((data) => ({ id: `e.${data.seq}.x`, event: { kind: 'inbox', data } as const })),
    );
    assert.equal(await readCursor(db), 'e.2.x');
    assert.deepEqual(await listOutbox(db), []);
    const thread = await readThread(db, bob.id, 50);
    assert.deepEqual(
      thread.messages.map(({ text, state }) => [text, state]),
      [
        ['one', 'sent'],
        ['three', 'sent'],
      ],
    );
    assert.equal(thread.older, 'none');
    assert.equal((await listConversations(db))[0]?.last?.text, 'three');
  });

  it('keeps nothing of a write that fails, and is not changed through what was read', async () => {
    const db = memoryDatabase();
    await saveDraft(db, bob.id, 'kept');
    await assert.rejects(
      db.write(['drafts'], async (tx) => {
        const row = await tx.objectStore('drafts').get(bob.id);
        row!.text = 'changed behind its back';
        await tx.objectStore('drafts').put({ peerId: 'other', text: 'never' });
        throw new Error('stop');
      }),
      /stop/,
    );
    assert.equal(await readDraft(db, bob.id), 'kept');
    assert.equal(await readDraft(db, 'other'), '');
  });

  it('refuses a row that is there already, by its key or by a unique index', async () => {
    const db = memoryDatabase();
    await compose(db, 'one');
    const [row] = await listOutbox(db);
    const { ordinal: _, ...sameId } = row!;
    const again = (clashing: typeof sameId) =>
      db.write(['outbox'], (tx) => tx.objectStore('outbox').add(clashing));
    await assert.rejects(again(sameId), { name: 'ConstraintError' });
    await assert.rejects(again(row!), { name: 'ConstraintError' });
    assert.equal((await listOutbox(db)).length, 1);
  });

  it('walks with a cursor in both directions, and changes rows by it', async () => {
    const db = memoryDatabase();
    await compose(db, 'a', 'b', 'c');
    const seen = await db.write(['outbox'], async (tx) => {
      const texts: string[] = [];
      let cursor = await tx.objectStore('outbox').openCursor(null, 'prev');
      for (; cursor; cursor = await cursor.continue()) {
        texts.push(cursor.value.text);
        if (cursor.value.text === 'b') await cursor.delete();
        else await cursor.update({ ...cursor.value, attempts: 7 });
      }
      return texts;
    });
    assert.deepEqual(seen, ['c', 'b', 'a']);
    assert.deepEqual(
      (await listOutbox(db)).map(({ text, attempts }) => [text, attempts]),
      [
        ['a', 7],
        ['c', 7],
      ],
    );
  });
});
