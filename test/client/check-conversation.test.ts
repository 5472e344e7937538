import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { readConversation } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { readStretch } from '../../client/store/stretch.ts';
import { addHistory } from '../../client/store/thread.ts';
import { applyEvents } from '../../client/store/timeline.ts';
import { checkConversation, type CheckTools } from '../../client/sync/check-conversation.ts';
import { digestOfAll, emptyDigest } from '../../server/protocol/digest.ts';
import type { Message } from '../../server/protocol/requests.ts';

let me = { id: '', nick: 'ann' };
const bob = { id: randomUUID(), nick: 'bob' };
const now = '2026-01-02T03:04:05.000Z';

function said(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = index % 2 === 0 ? [me, bob] : [bob, me];
    const whom = { from: from.nick, fromId: from.id, to: to.nick, toId: to.id };
    return {
      id: randomUUID(),
      text: `${index + 1}`,
      composedAt: now,
      ...whom,
      seq: index + 1,
      acceptedAt: now,
    };
  });
}

/** A server that has these messages, counts its answers, and can be away. */
class Server implements CheckTools {
  messages: Message[];
  pages = 0;
  isAway = false;
  readonly now = () => new Date(now);

  constructor(messages: Message[]) {
    this.messages = messages;
  }

  readonly fetchStretch: CheckTools['fetchStretch'] = async (_peer, from, upTo) => {
    if (this.isAway) return undefined;
    const [first, last] = [this.messages[0]?.seq ?? 0, this.messages.at(-1)?.seq ?? 0];
    const range = { first, last, from: Math.max(from, first), upTo: Math.min(upTo, last) };
    return {
      ...range,
      digest: digestOfAll(this.messages.filter(({ seq }) => seq >= range.from && seq <= range.upTo)),
    };
  };

  readonly fetchHistory: CheckTools['fetchHistory'] = async (_peer, before) => {
    this.pages += 1;
    return this.isAway ? undefined : this.messages.filter(({ seq }) => seq < before).slice(-100);
  };
}

describe('comparing a conversation with the server', () => {
  let db: Database;
  beforeEach(() => {
    me = { id: randomUUID(), nick: 'ann' };
    db = new Database(me.id);
  });
  after(closeChanges);

  const comesIn = (messages: Message[]) =>
    applyEvents(
      db,
      messages.map((data, index) => ({ id: `e.${index + 1}.tag`, event: { kind: 'inbox', data } })),
    );
  const change = (message: Message, how: Partial<Message>) =>
    db.write(['messages'], async (tx) => {
      const row = await tx.objectStore('messages').get([message.fromId, message.id]);
      await tx.objectStore('messages').put({ ...row!, ...how });
    });
  const lose = (message: Message) =>
    db.write(['messages'], (tx) => tx.objectStore('messages').delete([message.fromId, message.id]));
  const textsHere = async () => {
    const rows = await db.read(['messages'], (tx) => tx.objectStore('messages').getAll());
    return rows.toSorted((a, b) => a.place - b.place).map(({ text }) => text);
  };

  it('finds the same, and remembers when', async () => {
    const messages = said(1_204);
    await comesIn(messages);
    const server = new Server(messages);
    assert.deepEqual(await checkConversation(db, bob, server), {
      kind: 'same',
      isMended: false,
      first: 1,
    });
    assert.deepEqual((await readConversation(db, bob.id))!.checked, { from: 1, upTo: 1_204, at: now });
    assert.equal(server.pages, 0);
  });

  it('compares what is here of a longer conversation, up to the first hole', async () => {
    const messages = said(700);
    await comesIn(messages.slice(500));
    await addHistory(db, messages.slice(100, 300));
    assert.deepEqual(await readStretch(db, bob.id), {
      from: 501,
      upTo: 700,
      digest: digestOfAll(messages.slice(500)),
    });
    const outcome = await checkConversation(db, bob, new Server(messages));
    assert.deepEqual(outcome, { kind: 'same', isMended: false, first: 1 });
    await addHistory(db, messages.slice(300, 500));
    assert.equal((await readStretch(db, bob.id)).from, 101);
    await addHistory(db, messages.slice(0, 100));
    assert.deepEqual(await readStretch(db, bob.id), { from: 1, upTo: 700, digest: digestOfAll(messages) });
  });

  it('puts right a text that was changed on the device', async () => {
    const messages = said(250);
    await comesIn(messages);
    await change(messages[20]!, { text: 'spoilt' });
    const server = new Server(messages);
    const outcome = await checkConversation(db, bob, server);
    assert.deepEqual(outcome, { kind: 'same', isMended: true, first: 1 });
    assert.deepEqual(
      await textsHere(),
      messages.map(({ text }) => text),
    );
    assert.deepEqual(await checkConversation(db, bob, server), {
      kind: 'same',
      isMended: false,
      first: 1,
    });
  });

  it('sees a message that vanished as the hole that it is', async () => {
    const messages = said(30);
    await comesIn(messages);
    await lose(messages[9]!);
    assert.equal((await readStretch(db, bob.id)).from, 11);
    const outcome = await checkConversation(db, bob, new Server(messages));
    assert.deepEqual(outcome, { kind: 'same', isMended: false, first: 1 });
    assert.equal((await readConversation(db, bob.id))!.checked!.from, 11);
  });

  it('says so when the server has something else, or less', async () => {
    const messages = said(30);
    await comesIn(messages);
    const other = said(30);
    assert.deepEqual(await checkConversation(db, bob, new Server([...messages.slice(0, 29), other[29]!])), {
      kind: 'differs',
    });
    assert.deepEqual(await checkConversation(db, bob, new Server(messages.slice(0, 20))), {
      kind: 'differs',
    });
    assert.deepEqual(await checkConversation(db, bob, new Server([])), { kind: 'differs' });
    assert.equal((await readConversation(db, bob.id))!.checked, undefined);
    assert.equal((await textsHere()).length, 31, 'nothing is deleted');
  });

  it('does not mind that the server has let go of old ones, or has newer ones', async () => {
    const messages = said(300);
    await comesIn(messages.slice(0, 250));
    const outcome = await checkConversation(db, bob, new Server(messages.slice(100)));
    assert.deepEqual(outcome, { kind: 'same', isMended: false, first: 101 });
    assert.deepEqual((await readConversation(db, bob.id))!.checked, { from: 101, upTo: 250, at: now });
  });

  it('says that the server cannot be asked, also half-way', async () => {
    const messages = said(250);
    await comesIn(messages);
    const server = new Server(messages);
    server.isAway = true;
    assert.deepEqual(await checkConversation(db, bob, server), { kind: 'unreachable' });
    server.isAway = false;
    await change(messages[20]!, { text: 'spoilt' });
    const fetchHistory: CheckTools['fetchHistory'] = async (peer, before) =>
      before < 200 ? undefined : server.fetchHistory(peer, before);
    assert.deepEqual(await checkConversation(db, bob, { ...server, fetchHistory }), { kind: 'unreachable' });
  });

  it('has nothing to say against a conversation in which nothing was said', async () => {
    assert.deepEqual(await readStretch(db, bob.id), { from: 1, upTo: 0, digest: emptyDigest });
    const outcome = await checkConversation(db, bob, new Server([]));
    assert.deepEqual(outcome, { kind: 'same', isMended: false, first: 0 });
  });
});
