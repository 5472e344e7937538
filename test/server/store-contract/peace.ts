/** Being left in peace: blocks, message requests, and what of receipts is told to whom. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, draftTo, minutesLater, type Stage } from './stage.ts';

export function describePeace(stage: Stage): void {
  const { newNick, joinAs } = stage;
  const noFlags = { blocked: false, muted: false, accepted: false };

  describe('being left in peace', () => {
    const two = async () => [await joinAs('ana'), await joinAs('bo')] as const;
    const decide = (...[id, peer, change]: [string, string, object]) =>
      stage.store.setPeer(id, { with: peer }, change, at);
    const send = async (fromId: string, toNick: string) =>
      (await stage.store.append(fromId, [draftTo(toNick, 'hello')], at)).results[0]!;
    const readOf = async (personId: string) => (await stage.store.snapshot(personId)).conversations[0]!;
    const read = (personId: string, nick: string, upTo: number) =>
      stage.store.recordReceipts(personId, { read: [{ with: nick, upTo }] }, at);

    it('takes no message between two of whom one has blocked the other, and says who', async () => {
      const [ana, bo] = await two();
      await decide(ana.id, bo.nick, { blocked: true });
      assert.equal((await send(bo.id, ana.nick)).error?.code, 'blocked');
      assert.equal((await send(ana.id, bo.nick)).error?.code, 'blocked_by_you');
      await decide(ana.id, bo.nick, { blocked: false });
      assert.equal((await send(bo.id, ana.nick)).status, 'accepted');
    });

    it('answers a message that was accepted before the block as a duplicate', async () => {
      const [ana, bo] = await two();
      const draft = draftTo(ana.nick, 'before');
      await stage.store.append(bo.id, [draft], at);
      await decide(ana.id, bo.nick, { blocked: true });
      assert.equal((await stage.store.append(bo.id, [draft], at)).results[0]!.status, 'duplicate');
    });

    it('lists who waits to be accepted, until they are written to or accepted', async () => {
      const [ana, bo] = await two();
      const cy = await joinAs('cy');
      await send(ana.id, bo.nick);
      await send(cy.id, bo.nick);
      assert.deepEqual((await stage.store.peers(bo.id)).peers, [
        { person: ana, ...noFlags },
        { person: cy, ...noFlags },
      ]);
      assert.deepEqual((await stage.store.peers(ana.id)).peers, [], 'whom one wrote to is no stranger');
      await send(bo.id, ana.nick);
      await decide(bo.id, cy.nick, { accepted: true });
      assert.deepEqual((await stage.store.peers(bo.id)).peers, []);
    });

    it('keeps what is not changed, and lists no one twice', async () => {
      const [ana, bo] = await two();
      await send(bo.id, ana.nick);
      await decide(ana.id, bo.nick, { muted: true });
      await decide(ana.id, bo.nick, { blocked: true });
      const { peers } = await stage.store.peers(ana.id);
      assert.deepEqual(peers, [{ person: bo, blocked: true, muted: true, accepted: false }]);
    });

    it('decides nothing about oneself, nor about nobody', async () => {
      const ana = await joinAs('ana');
      assert.equal(await decide(ana.id, ana.nick, { muted: true }), undefined);
      assert.equal(await decide(ana.id, newNick('nobody'), { muted: true }), undefined);
    });

    it('tells nothing in either direction between two of whom one has blocked the other', async () => {
      const [ana, bo] = await two();
      await send(ana.id, bo.nick);
      await send(bo.id, ana.nick);
      await decide(bo.id, ana.nick, { blocked: true });
      await stage.store.recordReceipts(bo.id, { delivered: await stage.store.head(bo.id) }, at);
      await read(bo.id, ana.nick, 2);
      await read(ana.id, bo.nick, 2);
      assert.deepEqual((await readOf(ana.id)).theirs, { delivered: 0, read: 0 });
      assert.deepEqual((await readOf(bo.id)).theirs, { delivered: 0, read: 0 });
      await decide(bo.id, ana.nick, { blocked: false });
      assert.deepEqual((await readOf(ana.id)).theirs, { delivered: 2, read: 2 }, 'caught up');
    });

    it('tells what was read only between two who both send such receipts; delivered stays', async () => {
      const [ana, bo] = await two();
      await send(ana.id, bo.nick);
      await send(bo.id, ana.nick);
      assert.deepEqual(await stage.store.setPrivacy(bo.id, { receipts: false }), {
        receipts: false,
        typing: true,
        presence: true,
      });
      await read(ana.id, bo.nick, 2);
      await read(bo.id, ana.nick, 2);
      assert.deepEqual((await readOf(ana.id)).theirs, { delivered: 2, read: 0 });
      assert.deepEqual((await readOf(bo.id)).theirs, { delivered: 2, read: 0 }, 'who sends none sees none');
    });

    it('names whom the sender never wrote to, and counts them beforehand', async () => {
      const [ana, bo] = await two();
      const cy = await joinAs('cy');
      await send(bo.id, ana.nick);
      const to = [{ to: bo.nick }, { to: cy.nick }, { to: cy.nick, toId: cy.id }, { to: ana.nick }];
      assert.deepEqual(await stage.store.wouldBeFirst(ana.id, to), [false, true, true, false]);
      const drafts = to.map((each) => draftTo(each.to, 'hello'));
      assert.deepEqual((await stage.store.append(ana.id, drafts, at)).strangers, [cy.id]);
      assert.deepEqual(await stage.store.wouldBeFirst(ana.id, to), [false, false, false, false]);
    });

    it('knows whom presence and typing pass by', async () => {
      const [ana, bo] = await two();
      await decide(ana.id, bo.nick, { blocked: true });
      await stage.store.setPrivacy(ana.id, { presence: false });
      await stage.store.setPrivacy(bo.id, { typing: false });
      const found = await stage.store.discretion();
      assert.deepEqual(
        found.apart.filter(([one]) => one === ana.id),
        [[ana.id, bo.id]],
      );
      assert.ok(found.withoutPresence.includes(ana.id) && !found.withoutPresence.includes(bo.id));
      assert.ok(found.withoutTyping.includes(bo.id) && !found.withoutTyping.includes(ana.id));
    });

    it('keeps a report of a person, and of nobody else', async () => {
      const [ana, bo] = await two();
      const report = { with: bo.nick, reason: 'spam' as const, messages: [] };
      assert.equal(await stage.store.addReport(ana.id, report, minutesLater(1)), true);
      assert.equal(await stage.store.addReport(ana.id, { ...report, with: ana.nick }, at), false);
    });
  });
}
