/** What was decided about others, on the device: it holds at once, survives being offline, and is told until it was heard. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { enqueueMessage } from '../../client/store/outbox.ts';
import { decide, isRequest, listPeers, noteTold, readPeer, replacePeers } from '../../client/store/peers.ts';
import { changePrivacy, notePrivacyTold, readPrivacy, replacePrivacy } from '../../client/store/privacy.ts';
import { applyEvents } from '../../client/store/timeline.ts';
import type { PeerFlags } from '../../server/protocol/peers.ts';
import type { Message } from '../../server/protocol/requests.ts';

const me = { id: 'me-id', nick: 'me' };
const bob = { id: 'bob-id', nick: 'bob' };
const at = '2026-05-01T12:00:00.000Z';
const settings = { receipts: true, typing: true, presence: true };
let db: Database;
let persons = 0;

beforeEach(() => {
  db = new Database(`${me.id}-${(persons += 1)}`);
});
after(() => closeChanges());

const flags = (set: Partial<PeerFlags>) => ({ blocked: false, muted: false, accepted: true, ...set });
const fromServer = (set: Partial<PeerFlags>) => ({
  peers: [{ person: { ...bob, online: false, lastSeen: null }, ...flags(set) }],
  settings,
});
const nothingFromServer = { peers: [], settings };

function message(from: 'me' | 'bob', seq: number): Message {
  const mine = { id: db.personId, nick: me.nick };
  const [one, other] = from === 'me' ? [mine, bob] : [bob, mine];
  const names = { from: one.nick, fromId: one.id, to: other.nick, toId: other.id };
  return { id: `${from}-${seq}`, ...names, text: 'hello', composedAt: at, acceptedAt: at, seq };
}
const comes = (from: 'me' | 'bob', seq: number) =>
  applyEvents(db, [{ id: `cursor-${seq}`, event: { kind: 'inbox', data: message(from, seq) } }]);

describe('a request', () => {
  const waits = async () => isRequest(await readPeer(db, bob.id));

  it('begins with the first message of somebody, before the server says so', async () => {
    await comes('bob', 1);
    assert.equal(await waits(), true);
  });

  it('is none where something was said before', async () => {
    await comes('me', 1);
    await comes('bob', 2);
    assert.equal(await waits(), false);
  });

  it('ends with a message from another device', async () => {
    await comes('bob', 1);
    await comes('me', 2);
    assert.equal(await waits(), false);
  });

  it('ends with what is written back offline, whatever the server still says', async () => {
    await comes('bob', 1);
    const reply = { id: 'reply', me: { id: db.personId, nick: 'me' }, peer: bob, text: 'hi', composedAt: at };
    await enqueueMessage(db, reply);
    assert.equal(await waits(), false);
    await replacePeers(db, fromServer({ accepted: false }));
    assert.equal(await waits(), false);
    assert.deepEqual((await readPeer(db, bob.id))!.change, { accepted: true });
  });

  it('comes with what the server says, and goes with it', async () => {
    await replacePeers(db, fromServer({ accepted: false }));
    assert.equal(await waits(), true);
    await replacePeers(db, nothingFromServer);
    assert.equal(await waits(), false);
  });

  it('of somebody who is blocked is none', async () => {
    await comes('bob', 1);
    await decide(db, bob, { blocked: true });
    assert.equal(await waits(), false);
  });
});

describe('what was decided', () => {
  it('holds at once, and stays to be told through any answer of the server', async () => {
    await decide(db, bob, { blocked: true });
    await replacePeers(db, nothingFromServer);
    await replacePeers(db, fromServer({ muted: true }));
    const [row] = await listPeers(db);
    assert.deepEqual(row, { ...bob, ...flags({ blocked: true, muted: true }), change: { blocked: true } });
  });

  it('is told no more once it was heard', async () => {
    await decide(db, bob, { blocked: true });
    await noteTold(db, bob.id, { blocked: true });
    assert.equal((await readPeer(db, bob.id))!.change, undefined);
    await replacePeers(db, nothingFromServer);
    assert.deepEqual(await listPeers(db), [], 'undone on another device since');
  });

  it('is still to be told where it was changed while it was told', async () => {
    await decide(db, bob, { blocked: true, muted: true });
    await decide(db, bob, { blocked: false });
    await noteTold(db, bob.id, { blocked: true, muted: true });
    assert.deepEqual((await readPeer(db, bob.id))!.change, { blocked: false });
  });
});

describe('what one shows of oneself', () => {
  it('is everything, until something else was chosen', async () => {
    assert.deepEqual(await readPrivacy(db), settings);
  });

  it('holds at once, and is told until it was heard', async () => {
    await changePrivacy(db, { typing: false });
    await replacePrivacy(db, { ...settings, presence: false });
    const chosen = { receipts: true, typing: false, presence: false };
    assert.deepEqual(await readPrivacy(db), { ...chosen, change: { typing: false } });
    await notePrivacyTold(db, { typing: false });
    assert.deepEqual(await readPrivacy(db), chosen);
  });
});
