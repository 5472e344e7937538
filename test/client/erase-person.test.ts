/** What this device has of somebody who is deleted: the texts go, the places stay, and the server agrees as before. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { readStretch } from '../../client/store/stretch.ts';
import { readThread } from '../../client/store/thread.ts';
import { applyEvents, type LoggedStreamEvent } from '../../client/store/timeline.ts';
import type { Message } from '../../server/protocol/requests.ts';

const bob = { id: randomUUID(), nick: 'bob' };
const cleo = { id: randomUUID(), nick: 'cleo' };
const at = '2026-01-02T03:04:05.000Z';
let me = { id: '', nick: 'ann' };
let db: Database;

beforeEach(() => {
  me = { id: randomUUID(), nick: 'ann' };
  db = new Database(me.id);
});
after(closeChanges);

function said(from: typeof me, to: typeof me, seq: number, text: string): Message {
  const whom = { from: from.nick, fromId: from.id, to: to.nick, toId: to.id };
  return { id: randomUUID(), ...whom, text, composedAt: at, acceptedAt: at, seq };
}

const comesIn = (...messages: Message[]) =>
  applyEvents(
    db,
    messages.map((data): LoggedStreamEvent => ({ id: `e.${data.seq}`, event: { kind: 'inbox', data } })),
  );
const isDeleted = ({ id, nick }: typeof bob, event = 'e.9') =>
  applyEvents(db, [{ id: event, event: { kind: 'user_deleted', data: { id, nick, at } } }]);
const textsWith = async (peer: typeof bob) =>
  (await readThread(db, peer.id, 10)).messages.map(({ text }) => text);

describe('a person who was deleted', () => {
  it('takes what they wrote off this device, and nothing of anybody else', async () => {
    await comesIn(said(bob, me, 1, 'from bob'), said(me, bob, 2, 'to bob'), said(bob, me, 3, 'once more'));
    await comesIn(said(cleo, me, 1, 'from cleo'));
    await isDeleted(bob);
    assert.deepEqual(await textsWith(bob), ['', 'to bob', '']);
    assert.deepEqual(await textsWith(cleo), ['from cleo']);
  });

  it('changes nothing of what is compared with the server, and nothing when it is heard twice', async () => {
    await comesIn(said(bob, me, 1, 'from bob'), said(me, bob, 2, 'to bob'));
    const before = await readStretch(db, bob.id);
    await isDeleted(bob);
    assert.deepEqual(await readStretch(db, bob.id), before);
    await isDeleted(bob, 'e.10');
    assert.deepEqual(await readStretch(db, bob.id), before);
  });

  it('leaves a device that never had the texts with the same digest as one that had', async () => {
    const messages = [said(bob, me, 1, 'from bob'), said(me, bob, 2, 'to bob')];
    await comesIn(...messages);
    const had = await readStretch(db, bob.id);
    await isDeleted(bob);
    const { erased } = (await readThread(db, bob.id, 10)).messages[0]!;
    await db.delete();
    await comesIn({ ...messages[0]!, text: '', erased: erased! }, messages[1]!);
    assert.deepEqual(await textsWith(bob), ['', 'to bob']);
    assert.deepEqual(await readStretch(db, bob.id), had);
  });

  it('of whom nothing is here is of no concern', async () => {
    await isDeleted(cleo);
    assert.deepEqual(await textsWith(cleo), []);
  });
});
