/** Snapshots: all that a new device needs, and where the log goes on from. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { EventStore } from '../../../server/store/event-store.ts';
import { at, draftTo, eventsAfter, type Stage } from './stage.ts';

export function describeSnapshots(stage: Stage): void {
  const { joinAs } = stage;

  describe('a snapshot', () => {
    it('has all that a new device needs, and a cursor that goes on from there', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const sent = Array.from({ length: 35 }, (_, index) => draftTo(bo.nick, `${index + 1}`));
      await stage.store.append(ana.id, sent, at);
      await stage.store.append(bo.id, [draftTo(ana.nick, 'answer'), draftTo(bo.nick, 'note')], at);
      await stage.store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 20 }] }, at);
      const snapshot = await stage.store.snapshot(bo.id);
      assert.deepEqual(snapshot.me, bo);
      assert.equal(snapshot.cursor, await stage.store.head(bo.id));
      assert.ok([ana, bo].every(({ id }) => snapshot.people.some((person) => person.id === id)));

      const byName = new Map(snapshot.conversations.map((each) => [each.with, each]));
      assert.equal(snapshot.conversations.length, 2);
      const { messages, ...withAna } = byName.get(ana.nick)!;
      assert.deepEqual(withAna, {
        with: ana.nick,
        withId: ana.id,
        lastSeq: 36,
        mine: { delivered: 20, read: 20 },
        theirs: { delivered: 0, read: 0 },
        unread: 15,
      });
      assert.deepEqual(
        messages.map(({ seq }) => seq),
        Array.from({ length: 30 }, (_, index) => index + 7),
      );
      const { messages: notes, ...withMe } = byName.get(bo.nick)!;
      const whole = { delivered: 1, read: 1 };
      assert.deepEqual(withMe, {
        with: bo.nick,
        withId: bo.id,
        lastSeq: 1,
        mine: whole,
        theirs: whole,
        unread: 0,
      });
      assert.deepEqual(
        notes.map(({ text }) => text),
        ['note'],
      );
    });

    it('and the events after it give what a later snapshot gives', async () => {
      const people = [await joinAs('ana'), await joinAs('bo'), await joinAs('cy')];
      const me = people[0]!;
      const someone = fc.constantFrom(...people);
      const deed = fc.record({
        from: someone,
        to: someone,
        kind: fc.constantFrom('send', 'read', 'delivered', 'look'),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(deed, { maxLength: 30 }), async (deeds) => {
          let { cursor, state } = digest(await stage.store.snapshot(me.id));
          for (const { from, to, kind } of deeds) {
            if (kind === 'send') await stage.store.append(from.id, [draftTo(to.nick, 'x')], at);
            if (kind === 'read') {
              await stage.store.recordReceipts(from.id, { read: [{ with: to.nick, upTo: 1_000_000 }] }, at);
            }
            if (kind === 'delivered') {
              await stage.store.recordReceipts(from.id, { delivered: await stage.store.head(from.id) }, at);
            }
            if (kind === 'look') ({ cursor, state } = digest(await stage.store.snapshot(me.id)));
          }
          const { events } = await eventsAfter(stage.store, me.id, cursor);
          for (const { kind, data } of events) {
            if (kind === 'inbox') {
              const peerId = data.fromId === me.id ? data.toId : data.fromId;
              state = { ...state, [`last ${peerId}`]: data.seq };
            } else if (data.byId === me.id) {
              state = { ...state, [`read ${data.withId}`]: data.read };
            } else {
              state = { ...state, [`theirs ${data.withId}`]: `${data.delivered} ${data.read}` };
            }
          }
          assert.deepEqual(state, digest(await stage.store.snapshot(me.id)).state);
        }),
        { numRuns: 30 },
      );

      function digest(snapshot: Awaited<ReturnType<EventStore['snapshot']>>) {
        const state: Record<string, number | string> = {};
        for (const { withId, lastSeq, mine, theirs } of snapshot.conversations) {
          state[`last ${withId}`] = lastSeq;
          if (withId === me.id) continue; // notes are always read
          if (mine.read > 0) state[`read ${withId}`] = mine.read;
          if (theirs.delivered > 0) state[`theirs ${withId}`] = `${theirs.delivered} ${theirs.read}`;
        }
        return { cursor: snapshot.cursor, state };
      }
    });
  });
}
