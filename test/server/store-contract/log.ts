/** The log: every later event once, and a reset for every cursor that is no good. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatEventId, parseEventId } from '../../../server/protocol/event-id.ts';
import { at, draftTo, eventsAfter, notReset, type Stage } from './stage.ts';

export function describeLog(stage: Stage): void {
  const { joinAs } = stage;

  describe('the log', () => {
    it('gives every later event once, in order, whatever the size of the pages', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const cursor = await stage.store.head(bo.id);
      const sent = Array.from({ length: 10 }, (_, index) => `${index}`);
      for (const text of sent) await stage.store.append(ana.id, [draftTo(bo.nick, text)], at);
      for (const limit of [1, 3, 10, 200]) {
        const { events, cursor: end } = await eventsAfter(stage.store, bo.id, cursor, limit);
        assert.deepEqual(
          events.map(({ data }) => data.text),
          sent,
        );
        assert.equal(end, await stage.store.head(bo.id));
        assert.equal(end, events.at(-1)!.id);
      }
    });

    it('gives who follows it the same as who comes later', async () => {
      const { store } = stage;
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const start = await store.head(ana.id);
      const met: { id: string; json: string }[] = [];
      let cursor = start;
      const readOn = async () => {
        const page = notReset(await store.readInbox(ana.id, cursor, 200));
        met.push(...page.events);
        ({ cursor } = page);
      };
      const steps: (() => Promise<unknown>)[] = [
        () => store.append(ana.id, [draftTo(bo.nick, 'to bo'), draftTo(bo.nick, 'again')], at),
        () => store.append(bo.id, [draftTo(ana.nick, 'to ana')], at),
        async () => store.recordReceipts(bo.id, { delivered: await store.head(bo.id) }, at),
        () => store.append(ana.id, [draftTo(ana.nick, 'a note "to" myself\n')], at),
        () => store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 3 }] }, at),
        () => store.recordReceipts(ana.id, { read: [{ with: bo.nick, upTo: 3 }] }, at),
        () => store.setPeer(bo.id, { with: ana.nick }, { muted: true }, at),
        () => store.append(bo.id, [draftTo(ana.nick, 'é 😀')], at),
      ];
      for (const step of steps) {
        await step();
        await readOn();
      }
      for (const step of steps.slice(0, 2)) await step();
      await readOn();

      const later = notReset(await store.readInbox(ana.id, start, 200)).events;
      assert.equal(later.at(-1)!.id, cursor);
      const ids = new Set(later.map(({ id }) => id));
      // Receipts that were superseded since are no longer told.
      assert.deepEqual(
        met.filter(({ id }) => ids.has(id)),
        later,
      );
    });

    it('says that there is more only when there is', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const cursor = await stage.store.head(bo.id);
      await stage.store.append(ana.id, [draftTo(bo.nick, '1'), draftTo(bo.nick, '2')], at);
      assert.equal(notReset(await stage.store.readInbox(bo.id, cursor, 2)).more, false);
      assert.equal(notReset(await stage.store.readInbox(bo.id, cursor, 1)).more, true);
    });

    it('keeps a page below 64 KiB, but gives one event at least', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const cursor = await stage.store.head(bo.id);
      const long = '😀'.repeat(4_000);
      await stage.store.append(
        ana.id,
        Array.from({ length: 9 }, () => draftTo(bo.nick, long)),
        at,
      );
      const page = notReset(await stage.store.readInbox(bo.id, cursor, 200));
      const bytes = page.events.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
      assert.ok(bytes <= 64 * 1024 && page.events.length >= 1 && page.more, `${bytes} bytes`);
      assert.equal((await eventsAfter(stage.store, bo.id, cursor)).events.length, 9);
    });

    it('tells each cursor that is no good by its reason, with the head to go on from', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const empty = parseEventId(await stage.store.head(bo.id))!;
      await stage.store.append(ana.id, [draftTo(bo.nick, '1')], at);
      const head = await stage.store.head(bo.id);
      const last = parseEventId(head)!;
      const otherTag = '0123456789ab';
      const cases = {
        [formatEventId({ ...last, epoch: 'another' })]: 'epoch',
        [formatEventId({ ...last, position: 2 })]: 'restored',
        [formatEventId({ ...last, position: Number.MAX_SAFE_INTEGER })]: 'restored',
        [formatEventId({ ...last, tag: otherTag })]: 'restored',
        [formatEventId({ ...empty, tag: otherTag })]: 'restored',
        [`${last.epoch}.9007199254740993.${last.tag}`]: 'invalid',
        '': 'invalid',
        nonsense: 'invalid',
      };
      for (const [cursor, reason] of Object.entries(cases)) {
        assert.deepEqual(
          await stage.store.readInbox(bo.id, cursor, 10),
          { kind: 'reset', reason, head },
          cursor,
        );
      }
    });

    it("never takes another person's cursor for one of its own", async () => {
      const [ana, bo, cy] = [await joinAs('ana'), await joinAs('bo'), await joinAs('cy')];
      const ofBo = [await stage.store.head(bo.id)];
      for (const text of ['1', '2']) {
        await stage.store.append(ana.id, [draftTo(bo.nick, text), draftTo(cy.nick, text)], at);
        ofBo.push(await stage.store.head(bo.id));
      }
      for (const cursor of ofBo) {
        const page = await stage.store.readInbox(cy.id, cursor, 10);
        assert.deepEqual(page, { kind: 'reset', reason: 'restored', head: await stage.store.head(cy.id) });
      }
    });

    it('meets any garbage as a cursor with a reset', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      await stage.store.append(ana.id, [draftTo(bo.nick, 'private')], at);
      const { epoch, position, tag } = parseEventId(await stage.store.head(bo.id))!;
      const piece = fc.oneof(fc.constantFrom(epoch, tag, String(position)), fc.string(), fc.integer());
      const cursors = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('.')),
      );
      await fc.assert(
        fc.asyncProperty(cursors, async (cursor) => {
          fc.pre(cursor !== `${epoch}.${position}.${tag}`);
          assert.equal((await stage.store.readInbox(bo.id, cursor, 10)).kind, 'reset');
          assert.deepEqual(await stage.store.recordReceipts(bo.id, { delivered: cursor }, at), {
            inboxes: [],
          });
        }),
        { numRuns: 300 },
      );
    });
  });
}
