import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, describe, it } from 'node:test';
import { forceCloseDatabase } from 'fake-indexeddb';
import { openDB, unwrap } from 'idb';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { readDraft, saveDraft } from '../../client/store/drafts.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { applyEvents, readCursor } from '../../client/store/timeline.ts';
import { currentTrouble, endTrouble, onTrouble, type Trouble } from '../../client/store/trouble.ts';
import type { Message } from '../../server/protocol/requests.ts';

const realPut = IDBObjectStore.prototype.put;
const realTransaction = IDBDatabase.prototype.transaction;
const every: Trouble[] = ['updated', 'too-new', 'blocked', 'full', 'broken', 'memory', 'cleared'];

afterEach(() => {
  IDBObjectStore.prototype.put = realPut;
  IDBDatabase.prototype.transaction = realTransaction;
  for (const trouble of every) endTrouble(trouble);
});
after(() => closeChanges());

/** Transactions abort with this error as long as `isFailing` says so: after every request has succeeded, as a full disk does. */
function abortWrites(name: string, isFailing: (put: number) => boolean): () => number {
  let puts = 0;
  // Asked for early or not, a commit can fail; in this database of the tests it no longer can.
  IDBTransaction.prototype.commit = () => {};
  IDBObjectStore.prototype.put = function put(this: IDBObjectStore, ...given: Parameters<typeof realPut>) {
    const request = realPut.apply(this, given);
    puts += 1;
    if (isFailing(puts)) {
      const { transaction } = this;
      request.addEventListener('success', () => {
        Object.defineProperty(transaction, 'error', { value: new DOMException('No.', name) });
        transaction.abort();
      });
    }
    return request;
  };
  return () => puts;
}

async function seed(db: Database, count: number): Promise<void> {
  const data = (seq: number): Message => ({
    id: `message-${seq}`,
    from: 'bob',
    fromId: 'id-of-bob',
    to: 'ann',
    toId: db.personId,
    text: 'text',
    composedAt: '2026-01-01T00:00:00Z',
    seq,
    acceptedAt: '2026-01-01T00:00:01Z',
  });
  await applyEvents(
    db,
    Array.from({ length: count }, (_, index) => ({
      id: `e.${index + 1}.x`,
      event: { kind: 'inbox', data: data(index + 1) } as const,
    })),
  );
}

function countMessages(db: Database): Promise<number> {
  return db.read(['messages'], (tx) => tx.objectStore('messages').count());
}

describe('the database of a device', () => {
  it('makes room when it is full, and the write that failed is done again', async () => {
    const db = new Database(randomUUID());
    await seed(db, 50);
    abortWrites('QuotaExceededError', (put) => put === 1);
    await saveDraft(db, 'bob', 'kept');
    assert.equal(await readDraft(db, 'bob'), 'kept');
    assert.equal(await countMessages(db), 30);
    assert.equal(currentTrouble(), undefined);
  });

  it('says that it is full when nothing more can go, instead of trying without end', async () => {
    const db = new Database(randomUUID());
    await seed(db, 50);
    const puts = abortWrites('QuotaExceededError', () => true);
    await assert.rejects(saveDraft(db, 'bob', 'too much'), { name: 'QuotaExceededError' });
    assert.equal(currentTrouble(), 'full');
    assert.equal(puts(), 2);
    assert.equal(await readDraft(db, 'bob'), '');
  });

  it('runs a write again on a new handle when the handle dies under it, and queues a message once', async () => {
    const db = new Database(randomUUID());
    await saveDraft(db, 'bob', 'before');
    abortWrites('UnknownError', (put) => put === 1);
    const me = { id: db.personId, nick: 'ann' };
    const peer = { id: 'id-of-bob', nick: 'bob' };
    const composedAt = '2026-01-01T00:00:00Z';
    await enqueueMessage(db, { id: randomUUID(), me, peer, text: 'once', composedAt });
    assert.equal((await listOutbox(db)).length, 1);
    assert.equal(currentTrouble(), undefined);
  });

  it('waits for no transaction that the browser forgot when it cleared the database, and writes on a new handle', async () => {
    const db = new Database(randomUUID());
    await saveDraft(db, 'bob', 'before');
    const begun = Promise.withResolvers<IDBDatabase>();
    // As Chromium does: what is begun in the moment of the clearing ends neither way.
    IDBDatabase.prototype.transaction = function begin(this: IDBDatabase, ...given) {
      IDBDatabase.prototype.transaction = realTransaction;
      const tx = realTransaction.apply(this, given);
      tx.addEventListener = () => {};
      begun.resolve(this);
      return tx;
    };
    const saving = saveDraft(db, 'bob', 'after');
    // Its types ask for the class where it takes an instance.
    forceCloseDatabase((await begun.promise) as unknown as typeof IDBDatabase);
    await saving;
    assert.equal(await readDraft(db, 'bob'), 'after');
    assert.equal(currentTrouble(), undefined);
  });

  it('takes a message that was queued already for done: the answer to the commit may have died with the handle', async () => {
    const db = new Database(randomUUID());
    const message = {
      id: randomUUID(),
      me: { id: db.personId, nick: 'ann' },
      peer: { id: 'id-of-bob', nick: 'bob' },
      text: 'once',
      composedAt: '2026-01-01T00:00:00Z',
    };
    await enqueueMessage(db, message);
    await enqueueMessage(db, message);
    assert.equal((await listOutbox(db)).length, 1);
  });

  it('says so when a new handle does not help, and recovers by itself', async () => {
    const db = new Database(randomUUID());
    await saveDraft(db, 'bob', 'before');
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
    };
    await assert.rejects(readDraft(db, 'bob'), { name: 'UnknownError' });
    assert.equal(currentTrouble(), 'broken');
    IDBDatabase.prototype.transaction = realTransaction;
    assert.equal(await readDraft(db, 'bob'), 'before');
    assert.equal(currentTrouble(), undefined);
  });

  it('lets go for a newer version at once, and never stands in its way again', async () => {
    const db = new Database(randomUUID());
    await saveDraft(db, 'bob', 'kept');
    const newer = await openDB(`opentalk-${db.personId}`, 99);
    assert.equal(currentTrouble(), 'updated');
    await assert.rejects(readDraft(db, 'bob'), { name: 'VersionError' });
    assert.deepEqual(await newer.get('drafts', 'bob'), { peerId: 'bob', text: 'kept' });
    newer.close();
  });

  it('does not take a database of a newer version for an empty one', async () => {
    const id = randomUUID();
    (await openDB(`opentalk-${id}`, 99)).close();
    await assert.rejects(readDraft(new Database(id), 'bob'), { name: 'VersionError' });
    assert.equal(currentTrouble(), 'too-new');
  });

  it('says within three seconds that another tab is in the way, waits, and opens when it is not', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const id = randomUUID();
    const holder = await openDB(`opentalk-${id}`, 1, { upgrade: (db) => void db.createObjectStore('x') });
    const told = new Promise<Trouble | undefined>((resolve) => {
      const stop = onTrouble(() => {
        stop();
        resolve(currentTrouble());
      });
    });
    const deleting = indexedDB.deleteDatabase(`opentalk-${id}`); // waits for the holder, and all behind it
    unwrap(holder).onversionchange = () => {};
    const draft = readDraft(new Database(id), 'bob');
    test.mock.timers.tick(3_000);
    assert.equal(await told, 'blocked');
    test.mock.timers.reset();
    holder.close();
    assert.equal(await draft, '');
    assert.equal(deleting.readyState, 'done');
    assert.equal(currentTrouble(), undefined);
  });

  it('opens again when its making is ended under it, and leaves no error that nobody hears', async (test) => {
    const realCreate = IDBDatabase.prototype.createObjectStore;
    test.after(() => (IDBDatabase.prototype.createObjectStore = realCreate));
    let made = 0;
    IDBDatabase.prototype.createObjectStore = function create(this: IDBDatabase, ...given) {
      const store = realCreate.apply(this, given);
      made += 1;
      // As Chromium does when it clears the origin of a device that is full.
      if (made === 1) queueMicrotask(() => store.transaction.abort());
      return store;
    };
    assert.equal(await readDraft(new Database(randomUUID()), 'bob'), '');
    assert.ok(made > 1);
  });

  it('tells that it was cleared under the page, and takes no event for all there is', async () => {
    let gone = 0;
    const db = new Database(randomUUID(), { onGone: () => (gone += 1) });
    await seed(db, 3);
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(`opentalk-${db.personId}`).onsuccess = resolve;
    });
    assert.equal(gone, 1);
    const late = [{ id: 'e.4.x', event: undefined }];
    await assert.rejects(applyEvents(db, late, 0, 'e.4.x', 'a-cursor'), /emptied/);
    assert.equal(currentTrouble(), 'cleared');
    assert.equal(await readCursor(db), undefined);
  });
});
