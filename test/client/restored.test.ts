import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { array, assert as assertProperty, asyncProperty, boolean, constant, oneof, record } from 'fast-check';
import { lastAgreement, onlyHere, placesAfter } from '../../client/store/agreement.ts';
import { closeChanges } from '../../client/store/changes.ts';
import { listConversations } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { flushOutbox } from '../../client/store/flush-outbox.ts';
import { enqueueMessage, listOutbox, settle } from '../../client/store/outbox.ts';
import { deleteQueued } from '../../client/store/queue.ts';
import { listUnconfirmed, reofferUnconfirmed } from '../../client/store/reoffer.ts';
import { applySnapshot, noteReset, readNeedsWalk } from '../../client/store/snapshot.ts';
import { addHistory, noteKeptFrom, readPlaced, readThread } from '../../client/store/thread.ts';
import { applyEvents, readCursor } from '../../client/store/timeline.ts';
import { walkBack } from '../../client/sync/walk-back.ts';
import type { Draft, Message, Person, Result, Snapshot } from '../../server/protocol/requests.ts';

const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
const nothing = { delivered: 0, read: 0 };

/** A server of conversations between people, whose data can be put back. */
class Server {
  log: Message[] = [];
  /** Of each conversation it keeps nothing up to this seq. */
  prunedTo = 0;
  readonly people: Person[] = [];

  join(nick: string): Person {
    const person = { id: randomUUID(), nick, online: false, lastSeen: null };
    this.people.push(person);
    return person;
  }

  submit(from: Person, drafts: readonly Draft[]): Result[] {
    return drafts.map((draft): Result => {
      const known = this.log.find(({ id, fromId }) => id === draft.id && fromId === from.id);
      if (known) return { id: draft.id, status: 'duplicate', message: known };
      const to = this.people.find(({ id }) => id === draft.toId);
      if (!to) {
        const error = { code: 'unknown_person', detail: 'Nobody.' } as const;
        return { id: draft.id, status: 'rejected', error };
      }
      const seq = this.between(from, to).length + 1;
      const whom = { from: from.nick, fromId: from.id, to: to.nick, toId: to.id };
      const { id, text, composedAt } = draft;
      const message = { id, text, composedAt, ...whom, seq, acceptedAt: at(this.log.length) };
      this.log.push(message);
      return { id, status: 'accepted', message };
    });
  }

  between(a: Person, b: Person): Message[] {
    return this.log.filter(
      ({ fromId, toId }) => (fromId === a.id && toId === b.id) || (fromId === b.id && toId === a.id),
    );
  }

  snapshot(me: Person): Snapshot {
    const conversations = this.people
      .map((other) => ({ other, messages: this.between(me, other) }))
      .filter(({ messages }) => messages.length > 0)
      .map(({ other, messages }) => ({
        with: other.nick,
        withId: other.id,
        lastSeq: messages.length,
        messages: messages.filter(({ seq }) => seq > this.prunedTo).slice(-30),
        mine: nothing,
        theirs: nothing,
        unread: 0,
      }));
    return { me, cursor: `e.${this.log.length}.000000000000`, people: this.people, conversations };
  }

  history(me: Person, otherId: string, before: number): Message[] {
    const other = this.people.find(({ id }) => id === otherId)!;
    return this.between(me, other)
      .filter(({ seq }) => seq < before && seq > this.prunedTo)
      .slice(-100);
  }
}

class Device {
  readonly db: Database;
  readonly server: Server;
  readonly me: Person;
  read = 0;

  constructor(server: Server, nick: string) {
    this.server = server;
    this.me = server.join(nick);
    this.db = new Database(this.me.id);
  }

  async compose(peer: Person, ...texts: string[]): Promise<void> {
    for (const text of texts) {
      await enqueueMessage(this.db, { id: randomUUID(), me: this.me, peer, text, composedAt: at(0) });
    }
  }

  async flush(): Promise<void> {
    const submit = async (drafts: readonly Draft[]) =>
      ({ kind: 'answered', results: this.server.submit(this.me, drafts) }) as const;
    await flushOutbox(this.db, { submit, now: Date.now, random: () => 1, sleep: async () => undefined });
  }

  /** As the page does it: connects, heals if it must, catches up, and offers again what did not come back. */
  async connect(mustHeal: boolean): Promise<void> {
    if (mustHeal) await this.heal();
    const awaited = await listUnconfirmed(this.db);
    await this.flush();
    await this.receive();
    await reofferUnconfirmed(this.db, awaited);
    await this.flush();
  }

  /** Reads the log on from where it was. */
  async receive(): Promise<void> {
    const news = this.server.log.slice(this.read).map((data, index) => ({
      id: `e.${this.read + index + 1}.000000000000`,
      event: { kind: 'inbox', data } as const,
    }));
    this.read = this.server.log.length;
    const mine = news.filter(({ event: { data } }) => [data.fromId, data.toId].includes(this.me.id));
    await applyEvents(this.db, mine);
  }

  /** What follows on a `reset`, except for the stream. */
  async heal(history = this.server.history.bind(this.server)): Promise<void> {
    const snapshot = this.server.snapshot(this.me);
    this.read = this.server.log.length;
    const needsWalk = await readNeedsWalk(this.db);
    const agreements = needsWalk
      ? await walkBack(this.db, snapshot, {
          fetchHistory: async ({ id }, before) => history(this.me, id, before),
          pause: async () => undefined,
        })
      : undefined;
    if (needsWalk && !agreements) throw new Error('broke off');
    await applySnapshot(this.db, snapshot, agreements);
  }

  async shown(peer: Person): Promise<string[]> {
    return (await readThread(this.db, peer.id, 500)).messages.map(({ text }) => text);
  }

  async states(peer: Person): Promise<(string | undefined)[]> {
    return (await readThread(this.db, peer.id, 500)).messages.map(({ state }) => state);
  }

  async waiting(): Promise<string[]> {
    return (await listOutbox(this.db)).map(({ text }) => text);
  }
}

let server: Server;
let ann: Device;
let bob: Device;
let texts = 0;
/** Words of its own for every message. */
const words = (count: number) => Array.from({ length: count }, () => `text ${texts++}`);

async function say(from: Device, to: Device, ...said: string[]): Promise<void> {
  await from.compose(to.me, ...said);
  await from.flush();
  await ann.receive();
  await bob.receive();
}

beforeEach(() => {
  server = new Server();
  ann = new Device(server, 'ann');
  bob = new Device(server, 'bob');
});
after(() => closeChanges());

describe('the agreement of device and server', () => {
  const placed = (seq: number, id: string) => ({ seq, id, fromId: 'x' });

  it('is the highest seq at which both have the same message of the same sender', () => {
    const here = [placed(1, 'a'), placed(2, 'b'), placed(3, 'lost')];
    assert.equal(lastAgreement(here, [placed(1, 'a'), placed(2, 'b'), placed(3, 'other')]), 2);
    assert.equal(lastAgreement(here, [{ ...placed(2, 'b'), fromId: 'y' }]), undefined);
    assert.equal(lastAgreement([], [placed(1, 'a')]), undefined);
  });

  it('is not taken for one where something that was sent since agrees above a difference', () => {
    const here = [placed(1, 'a'), placed(2, 'lost'), placed(3, 'sent since')];
    assert.equal(lastAgreement(here, [placed(1, 'a'), placed(2, 'other'), placed(3, 'sent since')]), 1);
  });

  it('leaves only here what is above it and nowhere on the server', () => {
    const here = [placed(4, 'moved'), placed(3, 'lost'), placed(2, 'b')];
    const there = [placed(2, 'b'), placed(3, 'other'), placed(5, 'moved')];
    assert.deepEqual(onlyHere(here, there, 2), [placed(3, 'lost')]);
  });

  it('has room for any number of messages before the next seq', () => {
    const places = placesAfter(7, 1_000);
    assert.ok(places.every((place, index) => place > 7 && place < 8 && !(place <= places[index - 1]!)));
  });
});

describe('after a restored backup', () => {
  it('own lost messages are queued again under their ids, oldest first, ahead of the queue', async () => {
    await say(ann, bob, 'one', 'two');
    const backup = [...server.log];
    await say(ann, bob, 'three', 'four');
    const [, , three, four] = server.log;
    await ann.compose(bob.me, 'five');
    server.log = backup;
    await noteReset(ann.db, 'restored');
    await ann.heal();
    assert.deepEqual(await ann.waiting(), ['three', 'four', 'five']);
    assert.deepEqual(
      (await listOutbox(ann.db)).slice(0, 2).map(({ id }) => id),
      [three!.id, four!.id],
    );
    assert.deepEqual(await ann.states(bob.me), ['sent', 'sent', 'queued', 'queued', 'queued']);
    await ann.flush();
    await ann.receive();
    assert.deepEqual(await ann.shown(bob.me), ['one', 'two', 'three', 'four', 'five']);
    assert.deepEqual(await ann.waiting(), []);
  });

  it('what others wrote and the server lost stays readable where it stood, and makes way for what takes its seq', async () => {
    await say(bob, ann, 'kept');
    const backup = [...server.log];
    await say(bob, ann, 'lost by the server');
    server.log = backup;
    server.submit(bob.me, [
      { id: randomUUID(), to: 'ann', toId: ann.me.id, text: 'newer', composedAt: at(0) },
    ]);
    await noteReset(ann.db, 'restored');
    await ann.heal();
    assert.deepEqual(await ann.shown(bob.me), ['kept', 'lost by the server', 'newer']);
    assert.equal((await listConversations(ann.db))[0]?.unread, 0);
    // Its sender's device brings it back: then it stands where all devices have it.
    await noteReset(bob.db, 'restored');
    await bob.heal();
    await bob.flush();
    await ann.receive();
    await bob.receive();
    assert.deepEqual(await ann.shown(bob.me), ['kept', 'newer', 'lost by the server']);
    assert.deepEqual(await bob.shown(ann.me), await ann.shown(bob.me));
  });

  it('the walk goes back as far as it must, through pages of history', async () => {
    await say(ann, bob, ...words(150));
    const backup = [...server.log];
    await say(ann, bob, 'lost');
    const [lost] = server.log.slice(-1);
    server.log = backup;
    for (const text of words(250)) {
      const draft = { id: randomUUID(), to: 'ann', toId: ann.me.id, text, composedAt: at(0) };
      server.submit(bob.me, [draft]);
    }
    await noteReset(ann.db, 'restored');
    await ann.heal();
    assert.deepEqual(
      (await listOutbox(ann.db)).map(({ id }) => id),
      [lost!.id],
    );
  });

  it('is not misled by what was sent since, however much that is', async () => {
    await say(ann, bob, ...words(5));
    const backup = [...server.log];
    await say(ann, bob, 'lost');
    server.log = backup;
    // A worker sends what waits before any page has heard of the restore.
    await ann.compose(bob.me, ...words(35));
    await ann.flush();
    await noteReset(ann.db, 'restored');
    await ann.heal();
    // Some of what was sent may be offered again, which the server has already.
    assert.equal((await ann.waiting())[0], 'lost');
    await ann.connect(false);
    await ann.receive();
    assert.equal(server.log.length, 41);
    assert.deepEqual(
      await ann.shown(bob.me),
      server.log.map(({ text }) => text),
    );
    assert.deepEqual(await listUnconfirmed(ann.db), []);
  });

  it('a walk that breaks off has changed nothing, and is done again', async () => {
    await say(ann, bob, ...words(40));
    const backup = [...server.log];
    await say(ann, bob, 'lost');
    server.log = backup;
    for (const text of words(40)) {
      server.submit(bob.me, [{ id: randomUUID(), to: 'ann', toId: ann.me.id, text, composedAt: at(0) }]);
    }
    await noteReset(ann.db, 'restored');
    const before = await ann.shown(bob.me);
    await assert.rejects(ann.heal(() => undefined as unknown as Message[]));
    assert.equal(await readCursor(ann.db), undefined);
    assert.equal(await readNeedsWalk(ann.db), true);
    assert.deepEqual(await ann.shown(bob.me), before);
    assert.deepEqual(await ann.waiting(), []);
    await ann.heal();
    assert.deepEqual(await ann.waiting(), ['lost']);
    assert.equal(await readNeedsWalk(ann.db), false);
  });

  it('takes no history of another person who signed in meanwhile', async () => {
    await say(ann, bob, ...words(40));
    const backup = [...server.log];
    await say(ann, bob, 'lost');
    server.log = backup;
    for (const text of words(40)) {
      server.submit(bob.me, [{ id: randomUUID(), to: 'ann', toId: ann.me.id, text, composedAt: at(0) }]);
    }
    const carol = server.join('carol');
    server.submit(carol, [
      { id: randomUUID(), to: 'bob', toId: bob.me.id, text: 'secret', composedAt: at(0) },
    ]);
    await noteReset(ann.db, 'restored');
    await assert.rejects(ann.heal((_me, otherId, before) => server.history(carol, otherId, before)));
    await addHistory(ann.db, server.between(carol, bob.me));
    const shown = await ann.db.read(['messages'], (tx) => tx.objectStore('messages').getAll());
    assert.ok(shown.every(({ text }) => text !== 'secret'));
  });

  it('a conversation that the server lost whole is offered again whole; who is gone is named as the reason', async () => {
    const carol = server.join('carol');
    await ann.compose(carol, 'to who is gone');
    await ann.flush();
    await say(ann, bob, 'to who is there');
    server.log = [];
    server.people.splice(server.people.indexOf(carol), 1);
    await noteReset(ann.db, 'restored');
    await ann.heal();
    assert.deepEqual(await ann.states(bob.me), ['queued']);
    await ann.flush();
    await ann.receive();
    assert.deepEqual(await ann.states(bob.me), ['sent']);
    assert.deepEqual(await ann.states(carol), ['failed']);
    assert.deepEqual(await ann.shown(carol), ['to who is gone']);
  });

  it('retention loses nothing here and offers nothing again', async () => {
    await say(ann, bob, ...words(40));
    await say(bob, ann, 'hi');
    await noteReset(ann.db, 'retention');
    const before = await ann.shown(bob.me);
    await ann.heal();
    assert.deepEqual(await ann.shown(bob.me), before);
    assert.deepEqual(await ann.waiting(), []);
  });

  it('retention may hide that the data went back as well: what was lost is offered again then, too', async () => {
    await say(ann, bob, 'kept');
    const backup = [...server.log];
    await say(ann, bob, 'lost');
    server.log = backup;
    await noteReset(ann.db, 'retention');
    await ann.heal();
    assert.deepEqual(await ann.waiting(), ['lost']);
    await ann.flush();
    await ann.receive();
    assert.deepEqual(await ann.shown(bob.me), ['kept', 'lost']);
  });

  it('what the server keeps no more stays here where it stood, and is not offered again', async () => {
    await say(ann, bob, ...words(20));
    await say(bob, ann, ...words(20));
    const before = await ann.shown(bob.me);
    for (const [prunedTo, reason] of [
      [15, 'retention'],
      [15, 'restored'],
      [40, 'retention'],
      [40, 'epoch'],
    ] as const) {
      server.prunedTo = prunedTo;
      await noteReset(ann.db, reason);
      await ann.heal();
      assert.deepEqual(await ann.shown(bob.me), before);
      assert.deepEqual(await ann.waiting(), []);
    }
  });

  it('of what is newer than all that the server keeps, what it lost is offered again', async () => {
    await say(ann, bob, ...words(20));
    const backup = [...server.log];
    await say(ann, bob, 'lost');
    server.log = backup;
    server.prunedTo = 20;
    await noteReset(ann.db, 'restored');
    await ann.heal();
    assert.deepEqual(await ann.waiting(), ['lost']);
  });

  it('where a device was away for longer than anything is kept, it goes on with what there is', async () => {
    await say(ann, bob, ...words(20));
    const before = await ann.shown(bob.me);
    for (const text of words(40)) {
      server.submit(bob.me, [{ id: randomUUID(), to: 'ann', toId: ann.me.id, text, composedAt: at(0) }]);
    }
    server.prunedTo = 30;
    await noteReset(ann.db, 'retention');
    await ann.heal();
    assert.deepEqual(await ann.waiting(), []);
    assert.deepEqual(
      await ann.shown(bob.me),
      server.log.slice(30).map(({ text }) => text),
    );
    const { messages, older } = await readThread(ann.db, bob.me.id, 500);
    assert.deepEqual([messages[0]!.seq, older], [31, 'on-server']);
    // Once it has been asked for, nobody looks there again.
    await noteKeptFrom(ann.db, bob.me.id, 31);
    assert.equal((await readThread(ann.db, bob.me.id, 500)).older, 'none');
    const rows = await readPlaced(ann.db, bob.me.id, 1, 20);
    assert.equal(rows.length, before.length, 'what was here before is here');
  });

  it('of two resets in a row each asks for the walk', async () => {
    await noteReset(ann.db, 'restored');
    await noteReset(ann.db, 'retention');
    assert.equal(await readNeedsWalk(ann.db), true);
  });

  it('another life of the data: seqs of the old one are not mixed with those of the new', async () => {
    await say(ann, bob, 'old 1', 'old 2');
    await say(bob, ann, 'old 3');
    server.log = [];
    server.submit(bob.me, [{ id: randomUUID(), to: 'ann', toId: ann.me.id, text: 'new', composedAt: at(0) }]);
    await noteReset(ann.db, 'epoch');
    await ann.heal();
    await ann.flush();
    await ann.receive();
    // Mine are on the server again; bob's third is only here until bob's device comes.
    assert.deepEqual(await ann.shown(bob.me), ['old 3', 'new', 'old 1', 'old 2']);
  });

  it('whatever was said, lost and said since: in the end all is there once, in the same order on both devices', async () => {
    const step = oneof(
      {
        weight: 6,
        arbitrary: record({ kind: constant('say' as const), who: boolean(), sync: boolean() }),
      },
      { weight: 2, arbitrary: record({ kind: constant('worker' as const), who: boolean() }) },
      { weight: 1, arbitrary: record({ kind: constant('backup' as const) }) },
      { weight: 1, arbitrary: record({ kind: constant('restore' as const), both: boolean() }) },
    );
    await assertProperty(
      asyncProperty(array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
        server = new Server();
        ann = new Device(server, 'ann');
        bob = new Device(server, 'bob');
        let backup: Message[] = [];
        const said: string[] = [];
        const stale = new Set<Device>();
        const heal = (device: Device) => device.connect(stale.delete(device));
        for (const one of steps) {
          // A worker sends what waits before any page has heard of the restore.
          if (one.kind === 'worker') await (one.who ? ann : bob).flush();
          if (one.kind === 'backup') backup = [...server.log];
          if (one.kind === 'say') {
            const [from, to] = one.who ? [ann, bob] : [bob, ann];
            const [text] = words(1);
            said.push(text!);
            await from.compose(to.me, text!);
            if (one.sync) await heal(from);
            for (const device of [ann, bob]) if (!stale.has(device)) await device.receive();
          }
          if (one.kind === 'restore') {
            server.log = [...backup];
            for (const device of [ann, bob]) {
              await noteReset(device.db, 'restored');
              stale.add(device);
            }
            if (one.both) for (const device of [ann, bob]) await heal(device);
          }
        }
        for (const device of [ann, bob]) await heal(device);
        for (const device of [ann, bob]) await device.receive();
        const seen = await ann.shown(bob.me);
        assert.deepEqual(seen.toSorted(), said.toSorted());
        assert.deepEqual(seen, await bob.shown(ann.me));
        assert.deepEqual(await ann.waiting(), []);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what was settled and has not come back', () => {
  /** Handed over and answered, on a server that is put back before the echo. */
  async function settledThenLost(...lost: string[]): Promise<void> {
    await ann.compose(bob.me, ...lost);
    await ann.flush();
    server.log = server.log.filter(({ text }) => !lost.includes(text));
  }

  it('is offered again after a catch-up without it: same ids, in order, ahead of the queue, shown as queued', async () => {
    await say(ann, bob, 'before');
    await settledThenLost('one', 'two');
    const ids = await listUnconfirmed(ann.db);
    await ann.compose(bob.me, 'three');
    assert.equal(await reofferUnconfirmed(ann.db, ids), 2);
    assert.deepEqual(await ann.waiting(), ['one', 'two', 'three']);
    assert.deepEqual(await ann.states(bob.me), ['sent', 'queued', 'queued', 'queued']);
    assert.equal(await reofferUnconfirmed(ann.db, ids), 0);
    await ann.flush();
    await ann.receive();
    assert.deepEqual(await ann.shown(bob.me), ['before', 'one', 'two', 'three']);
    assert.deepEqual(await listUnconfirmed(ann.db), []);
  });

  it('does not depend on the clock: settled in a future that never came is offered again too', async () => {
    await ann.compose(bob.me, 'by a wrong clock');
    const [draft] = await listOutbox(ann.db);
    const results = server.submit(ann.me, [draft!]);
    await settle(ann.db, results, Date.now() + 86_400_000);
    server.log = [];
    assert.equal(await reofferUnconfirmed(ann.db, await listUnconfirmed(ann.db)), 1);
  });

  it('what is settled during the catch-up is left alone', async () => {
    const before = await listUnconfirmed(ann.db);
    await ann.compose(bob.me, 'meanwhile');
    await ann.flush();
    assert.equal(await reofferUnconfirmed(ann.db, before), 0);
    assert.deepEqual(await ann.states(bob.me), ['sent']);
  });

  it('is confirmed by a duplicate whose echo lies before the cursor, and not offered without end', async () => {
    await say(ann, bob, 'first');
    await ann.compose(bob.me, 'old');
    await ann.flush();
    for (let count = 0; count < 40; count += 1) {
      const draft = {
        id: randomUUID(),
        to: 'ann',
        toId: ann.me.id,
        text: `later ${count}`,
        composedAt: at(0),
      };
      server.submit(bob.me, [draft]);
    }
    // The snapshot's thirty do not reach back to it, and the cursor is past its echo.
    await ann.heal();
    assert.equal(await reofferUnconfirmed(ann.db, await listUnconfirmed(ann.db)), 1);
    await ann.flush();
    assert.deepEqual(await listUnconfirmed(ann.db), []);
    assert.equal(server.log.filter(({ text }) => text === 'old').length, 1);
  });

  it('stays unconfirmed by a duplicate whose echo is yet to come', async () => {
    await settledThenLost('twice lost');
    await reofferUnconfirmed(ann.db, await listUnconfirmed(ann.db));
    const [draft] = await listOutbox(ann.db);
    server.submit(ann.me, [draft!]); // the answer is lost
    await ann.flush();
    assert.equal((await listUnconfirmed(ann.db)).length, 1);
    await ann.receive();
    assert.deepEqual(await listUnconfirmed(ann.db), []);
  });

  it('shows the reason when the server does not take it any more, and can be deleted', async () => {
    const carol = server.join('carol');
    await ann.compose(carol, 'late');
    await ann.flush();
    server.log = [];
    server.people.splice(server.people.indexOf(carol), 1);
    await reofferUnconfirmed(ann.db, await listUnconfirmed(ann.db));
    await ann.flush();
    assert.deepEqual(await ann.states(carol), ['failed']);
    assert.deepEqual(await listUnconfirmed(ann.db), []);
    await deleteQueued(ann.db, (await listOutbox(ann.db))[0]!.id);
    assert.deepEqual(await ann.shown(carol), []);
  });

  it('an echo that comes while it is offered again ends the matter', async () => {
    await ann.compose(bob.me, 'slow echo');
    await ann.flush();
    await reofferUnconfirmed(ann.db, await listUnconfirmed(ann.db));
    await ann.receive();
    assert.deepEqual(await ann.waiting(), []);
    assert.deepEqual(await ann.states(bob.me), ['sent']);
  });
});
