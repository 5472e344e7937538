import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { deleteLeft } from '../../client/store/delete-database.ts';
import {
  endAttempt,
  forgetFormer,
  forgetIdentity,
  readAttempt,
  readFormer,
  readIdentity,
  readLeft,
  rememberFormer,
  rememberIdentity,
} from '../../client/store/device.ts';
import { deleteLeftBehind, listLeftBehind, sendLeftBehind } from '../../client/store/left-behind.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { replacePeople } from '../../client/store/people.ts';
import type { Person } from '../../server/protocol/requests.ts';

const person = (nick: string): Person => ({ id: randomUUID(), nick, online: false, lastSeen: null });
let ann: Person;
let annAgain: Person;
const bob = person('bob');

async function compose(me: Person, peer: Person, ...texts: string[]): Promise<void> {
  const db = new Database(me.id);
  for (const text of texts) {
    const composedAt = '2026-01-01T00:00:00.000Z';
    await enqueueMessage(db, { id: randomUUID(), me, peer, text, composedAt });
  }
  await db.close();
}

async function databases(): Promise<string[]> {
  return (await indexedDB.databases()).map(({ name }) => name ?? '');
}

beforeEach(async () => {
  for (const { id } of await readFormer()) await forgetFormer(id);
  const before = await readIdentity();
  if (before) await forgetIdentity(before.id);
  ann = person('ann');
  annAgain = person('ann');
});
after(() => closeChanges());

describe('who uses this device', () => {
  it('remembers who it belonged to before, once each, and not who is back', async () => {
    await rememberIdentity(ann);
    await rememberIdentity(annAgain);
    await rememberIdentity(annAgain);
    assert.deepEqual(await readFormer(), [ann]);
    await rememberFormer(ann);
    assert.deepEqual(await readFormer(), [ann]);
    await rememberIdentity(ann);
    assert.deepEqual(await readIdentity(), ann);
    assert.deepEqual(await readFormer(), [annAgain]);
  });

  it('forgets who signs out, and only them', async () => {
    await rememberIdentity(ann);
    await forgetIdentity(bob.id);
    assert.deepEqual(await readIdentity(), ann);
    await forgetIdentity(ann.id);
    assert.equal(await readIdentity(), undefined);
    assert.ok((await readLeft()).includes(ann.id));
    await rememberIdentity(ann);
    assert.ok(!(await readLeft()).includes(ann.id));
  });

  it('finishes a sign-out that was cut off before everything was deleted', async () => {
    await rememberIdentity(ann);
    await compose(ann, bob, 'to be deleted');
    await forgetIdentity(ann.id);
    await deleteLeft();
    assert.ok(!(await databases()).includes(`opentalk-${ann.id}`));
  });

  it('keeps the key of a try until it is answered, and has another for another nick', async () => {
    const key = await readAttempt('ann');
    assert.equal(await readAttempt('ann'), key);
    const other = await readAttempt('bob');
    assert.notEqual(other, key);
    await endAttempt();
    assert.notEqual(await readAttempt('bob'), other);
    const last = await readAttempt('ann');
    await rememberIdentity(ann);
    assert.notEqual(await readAttempt('ann'), last);
  });
});

describe('what a former person left behind', () => {
  it('is counted, and is never touched by looking', async () => {
    await rememberIdentity(ann);
    await compose(ann, bob, 'one', 'two');
    await rememberIdentity(annAgain);
    assert.deepEqual(await listLeftBehind(), [{ id: ann.id, nick: 'ann', waiting: 2 }]);
    assert.deepEqual(await listLeftBehind(), [{ id: ann.id, nick: 'ann', waiting: 2 }]);
  });

  it('is deleted by itself when nothing waits', async () => {
    await rememberIdentity(ann);
    await listOutbox(new Database(ann.id));
    await rememberIdentity(annAgain);
    assert.deepEqual(await listLeftBehind(), []);
    assert.deepEqual(await readFormer(), []);
    assert.ok(!(await databases()).includes(`opentalk-${ann.id}`));
  });

  it('is not brought back, empty, by a page or worker that had it open', async () => {
    await rememberIdentity(ann);
    const open = new Database(ann.id);
    await listOutbox(open);
    await rememberIdentity(annAgain);
    await listLeftBehind();
    await assert.rejects(listOutbox(open));
    assert.ok(!(await databases()).includes(`opentalk-${ann.id}`));
  });

  it('goes out as the person of now in the same order, under new names, to who has the nick now', async () => {
    await rememberIdentity(ann);
    await compose(ann, bob, 'one', 'two');
    const old = await listOutbox(new Database(ann.id));
    await rememberIdentity(annAgain);
    const db = new Database(annAgain.id);
    const newBob = person('bob');
    await replacePeople(db, [newBob, annAgain]);
    await sendLeftBehind(db, annAgain, ann.id);
    const rows = await listOutbox(db);
    assert.deepEqual(
      rows.map(({ to, toId, text, attempts }) => [to, toId, text, attempts]),
      [
        ['bob', newBob.id, 'one', 0],
        ['bob', newBob.id, 'two', 0],
      ],
    );
    assert.ok(rows.every(({ id }) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)));
    assert.ok(rows.every(({ id }) => !old.some((row) => row.id === id)));
    assert.deepEqual(await listLeftBehind(), []);
    assert.ok(!(await databases()).includes(`opentalk-${ann.id}`));
  });

  it('is not taken over twice when the first time was cut off before the old rows were deleted', async () => {
    await rememberIdentity(ann);
    await compose(ann, bob, 'once');
    await rememberIdentity(annAgain);
    const db = new Database(annAgain.id);
    await replacePeople(db, [bob]);
    const old = new Database(ann.id);
    const [row] = await listOutbox(old);
    await sendLeftBehind(db, annAgain, ann.id);
    const again = new Database(ann.id);
    await again.write(['outbox'], (tx) => tx.objectStore('outbox').put(row!));
    await again.close();
    await sendLeftBehind(db, annAgain, ann.id);
    assert.equal((await listOutbox(db)).length, 1);
  });

  it('stays where nobody has the nick it is for', async () => {
    await rememberIdentity(ann);
    await compose(ann, person('carol'), 'for carol');
    await compose(ann, bob, 'for bob');
    await rememberIdentity(annAgain);
    const db = new Database(annAgain.id);
    await replacePeople(db, [bob]);
    await sendLeftBehind(db, annAgain, ann.id);
    assert.deepEqual(
      (await listOutbox(db)).map(({ text }) => text),
      ['for bob'],
    );
    assert.deepEqual(await listLeftBehind(), [{ id: ann.id, nick: 'ann', waiting: 1 }]);
    await deleteLeftBehind(ann.id);
    assert.deepEqual(await listLeftBehind(), []);
  });
});
