/** Receipts: only growth is told, and a later one supersedes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Receipt } from '../../../server/protocol/events.ts';
import { at, draftTo, eventsAfter, minutesLater, notReset, type Stage } from './stage.ts';

export function describeReceipts(stage: Stage): void {
  const { newNick, joinAs } = stage;

  describe('receipts', () => {
    /** Two persons, and three messages from the first to the second, who has accepted them. */
    async function threeSent() {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      await stage.store.setPeer(bo.id, { with: ana.nick }, { accepted: true }, at);
      await stage.store.append(
        ana.id,
        ['1', '2', '3'].map((text) => draftTo(bo.nick, text)),
        at,
      );
      return { ana, bo, anaAt: await stage.store.head(ana.id), boAt: await stage.store.head(bo.id) };
    }
    const receiptsAfter = async (personId: string, cursor: string) =>
      (await eventsAfter(stage.store, personId, cursor)).events.map(({ kind, data }) => {
        assert.equal(kind, 'receipt');
        return data;
      });

    it('tell the sender what was delivered up to a cursor', async () => {
      const { ana, bo, anaAt, boAt } = await threeSent();
      const { inboxes } = await stage.store.recordReceipts(bo.id, { delivered: boAt }, minutesLater(1));
      assert.deepEqual(inboxes, [ana.id]);
      const names = { with: bo.nick, withId: bo.id, by: bo.nick, byId: bo.id };
      assert.deepEqual(await receiptsAfter(ana.id, anaAt), [
        { ...names, delivered: 3, read: 0, at: minutesLater(1) },
      ]);
    });

    it("tell what was read to the sender and to the reader's other devices; what is read was delivered", async () => {
      const { ana, bo, anaAt, boAt } = await threeSent();
      const read = [
        { with: ana.nick, upTo: 2 },
        { with: ana.nick, withId: ana.id, upTo: 1 },
      ];
      const { inboxes } = await stage.store.recordReceipts(bo.id, { read }, at);
      assert.deepEqual(inboxes.toSorted(), [ana.id, bo.id].toSorted());
      const common = { by: bo.nick, byId: bo.id, delivered: 2, read: 2, at };
      assert.deepEqual(await receiptsAfter(ana.id, anaAt), [{ with: bo.nick, withId: bo.id, ...common }]);
      assert.deepEqual(await receiptsAfter(bo.id, boAt), [{ with: ana.nick, withId: ana.id, ...common }]);
    });

    it('are stored and told only when something grew', async () => {
      const { ana, bo, anaAt, boAt } = await threeSent();
      const receipts = { delivered: boAt, read: [{ with: ana.nick, upTo: 3 }] };
      await stage.store.recordReceipts(bo.id, receipts, at);
      const again = await stage.store.recordReceipts(bo.id, receipts, at);
      const less = await stage.store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 1 }] }, at);
      assert.deepEqual([again, less], [{ inboxes: [] }, { inboxes: [] }]);
      assert.equal((await receiptsAfter(ana.id, anaAt)).length, 1);
    });

    it('never say more than was sent', async () => {
      const { ana, bo, anaAt } = await threeSent();
      await stage.store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 1_000 }] }, at);
      const [receipt] = await receiptsAfter(ana.id, anaAt);
      assert.deepEqual([receipt!.delivered, receipt!.read], [3, 3]);
    });

    it('ignore persons whom nobody knows, conversations that nobody began, and notes to oneself', async () => {
      const { bo } = await threeSent();
      const stranger = await joinAs('stranger');
      await stage.store.append(bo.id, [draftTo(bo.nick, 'note')], at);
      const read = [newNick('nobody'), stranger.nick, bo.nick].map((nick) => ({ with: nick, upTo: 1 }));
      assert.deepEqual(await stage.store.recordReceipts(bo.id, { read }, at), { inboxes: [] });
    });

    it("do not take one's own messages for delivered", async () => {
      const { ana, anaAt } = await threeSent();
      assert.deepEqual(await stage.store.recordReceipts(ana.id, { delivered: anaAt }, at), { inboxes: [] });
    });

    it("ignore the cursor of another person's inbox", async () => {
      const { bo, anaAt } = await threeSent();
      assert.deepEqual(await stage.store.recordReceipts(bo.id, { delivered: anaAt }, at), { inboxes: [] });
    });

    it('are passed over in replay when a later one supersedes them, and the cursor moves on past them', async () => {
      const { ana, bo, anaAt, boAt } = await threeSent();
      for (const upTo of [1, 2, 3]) {
        await stage.store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo }] }, at);
      }
      const superseded = notReset(await stage.store.readInbox(ana.id, anaAt, 1));
      assert.deepEqual(
        superseded.events.map(({ json }) => (JSON.parse(json) as Receipt).read),
        [3],
      );
      assert.equal(superseded.more, false);
      assert.equal(superseded.cursor, await stage.store.head(ana.id));
      assert.deepEqual(
        (await receiptsAfter(bo.id, boAt)).map(({ read }) => read),
        [3],
      );
    });

    it('leave the place of a superseded one good as a cursor', async () => {
      const { ana, bo } = await threeSent();
      await stage.store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 1 }] }, at);
      const cursor = await stage.store.head(ana.id);
      await stage.store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 2 }] }, at);
      const receipts = await receiptsAfter(ana.id, cursor);
      assert.deepEqual(
        receipts.map(({ read }) => read),
        [2],
      );
    });

    it('of two directions do not supersede each other', async () => {
      const { ana, bo, anaAt } = await threeSent();
      await stage.store.append(bo.id, [draftTo(ana.nick, 'back')], at);
      await stage.store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 3 }] }, at);
      await stage.store.recordReceipts(ana.id, { read: [{ with: bo.nick, upTo: 4 }] }, at);
      const { events } = await eventsAfter(stage.store, ana.id, anaAt);
      assert.deepEqual(
        events.filter(({ kind }) => kind === 'receipt').map(({ data }) => [data.by, data.read]),
        [
          [bo.nick, 3],
          [ana.nick, 4],
        ],
      );
    });
  });
}
