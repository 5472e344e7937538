/** A person who is deleted: gone at once, and with them what they wrote; what others were promised stays. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { digestOfAll } from '../../../server/protocol/digest.ts';
import type { UserDeleted } from '../../../server/protocol/events.ts';
import { at, draftTo, eventsAfter, join, minutesLater, type Stage } from './stage.ts';

export function describeDeleted(stage: Stage): void {
  const { newNick, joinAs } = stage;
  const later = minutesLater(60);

  async function eraseAll(): Promise<string[]> {
    const inboxes: string[] = [];
    for (let more = true; more;) {
      const step = await stage.store.erase(later);
      inboxes.push(...step.inboxes);
      ({ more } = step);
    }
    return inboxes;
  }

  /** ana and bo have talked, and then she is deleted. */
  async function talked() {
    const nick = newNick('deleted');
    const ana = await join(stage.store, nick, nick);
    const bo = await joinAs('stays');
    const cursor = await stage.store.head(bo.id);
    const said: [from: string, to: string, text: string][] = [
      [ana.id, bo.nick, 'from her'],
      [bo.id, nick, 'from him'],
      [ana.id, bo.nick, 'from her again'],
    ];
    for (const [from, to, text] of said) await stage.store.append(from, [draftTo(to, text)], at);
    const before = (await stage.store.history(bo.id, { with: nick }, undefined, 10))!.messages;
    return { nick, ana, bo, cursor, before };
  }

  describe('a deleted person', () => {
    it('has no session and no nick any more, and nobody takes it for a while', async () => {
      const { nick, ana } = await talked();
      const ended = await stage.store.deletePerson(ana.id, at, minutesLater(100));
      assert.deepEqual(ended.sessions, [nick]);
      assert.deepEqual(
        ended.left.map(({ id }) => id),
        [ana.id],
      );
      assert.equal(await stage.store.personOfSession(nick), undefined);
      assert.deepEqual(await stage.store.people(nick, 10), []);
      const attempt = (minutes: number) =>
        stage.store.signIn({ nick, tokenHash: randomUUID(), at: minutesLater(minutes) });
      assert.deepEqual([(await attempt(99)).kind, (await attempt(100)).kind], ['nick-taken', 'signed-in']);
    });

    it('takes their texts along: from the history, the inboxes and snapshots; every seq stays', async () => {
      const { ana, bo, cursor } = await talked();
      await stage.store.deletePerson(ana.id, at, later);
      await eraseAll();
      const texts = ['', 'from him', ''];
      const { messages } = (await stage.store.history(
        bo.id,
        { with: ana.nick, withId: ana.id },
        undefined,
        10,
      ))!;
      assert.deepEqual(
        messages.map(({ seq, text }) => [seq, text]),
        texts.map((text, index) => [index + 1, text]),
      );
      const { events } = await eventsAfter(stage.store, bo.id, cursor);
      const inbox = events.filter(({ kind }) => kind === 'inbox');
      assert.deepEqual(
        inbox.map(({ data }) => data.text),
        texts,
      );
      const [conversation] = (await stage.store.snapshot(bo.id)).conversations;
      assert.deepEqual(
        conversation!.messages.map(({ text }) => text),
        texts,
      );
    });

    it('changes no digest: who has the texts and who never had them have the same', async () => {
      const { ana, bo, before } = await talked();
      const stretch = (from: number) =>
        stage.store.stretch(bo.id, { with: ana.nick, withId: ana.id }, from, 3);
      const sums = [(await stretch(1))!.digest, (await stretch(3))!.digest];
      assert.deepEqual(sums, [digestOfAll(before), digestOfAll(before.slice(2))]);
      await stage.store.deletePerson(ana.id, at, later);
      await eraseAll();
      assert.deepEqual([(await stretch(1))!.digest, (await stretch(3))!.digest], sums);
      const { messages } = (await stage.store.history(
        bo.id,
        { with: ana.nick, withId: ana.id },
        undefined,
        10,
      ))!;
      assert.equal(digestOfAll(messages), sums[0]);
    });

    it('is told to everybody they talked to, behind the last text that goes', async () => {
      const { nick, ana, bo, cursor } = await talked();
      await stage.store.append(ana.id, [draftTo(nick, 'a note')], at);
      await stage.store.deletePerson(ana.id, at, later);
      assert.deepEqual(await eraseAll(), [bo.id]);
      const last = (await eventsAfter(stage.store, bo.id, cursor)).events.at(-1)!;
      assert.equal(last.kind, 'user_deleted');
      const { id, nick: said } = last.data as unknown as UserDeleted;
      assert.deepEqual([id, said], [ana.id, nick]);
      assert.deepEqual(await stage.store.erase(later), { inboxes: [], removed: 0, more: false });
    });

    it('of many messages goes in small steps', async () => {
      const { ana, bo } = await talked();
      const drafts = Array.from({ length: 1_200 }, (_, n) => draftTo(bo.nick, `${n}`));
      await stage.store.append(ana.id, drafts, at);
      await stage.store.deletePerson(ana.id, at, later);
      const steps: number[] = [];
      for (let more = true; more;) {
        const step = await stage.store.erase(later);
        steps.push(step.removed);
        ({ more } = step);
      }
      assert.ok(Math.max(...steps) <= 500, steps.join());
      assert.equal(
        steps.reduce((sum, count) => sum + count),
        1_202,
      );
    });

    it('writes nothing more, though it was on its way already', async () => {
      const { ana, bo } = await talked();
      await stage.store.deletePerson(ana.id, at, later);
      await eraseAll();
      const { results } = await stage.store.append(ana.id, [draftTo(bo.nick, 'too late')], at);
      assert.equal(results[0]!.error?.code, 'signed_out');
    });

    it('is nobody to write to', async () => {
      const { ana, bo } = await talked();
      await stage.store.deletePerson(ana.id, at, later);
      const draft = draftTo(ana.nick, 'too late', { toId: ana.id });
      const { results } = await stage.store.append(bo.id, [draft], at);
      assert.equal(results[0]!.error?.code, 'unknown_person');
    });
  });

  describe('what a person takes along', () => {
    it('is every conversation from its first message, a page at a time', async () => {
      const { nick, ana, bo, before } = await talked();
      await stage.store.append(ana.id, [draftTo(nick, 'a note')], at);
      await stage.store.recordReceipts(bo.id, { read: [{ with: nick, upTo: 1 }] }, at);
      const found = await stage.store.conversations(ana.id);
      assert.deepEqual(
        found.map((conversation) => [conversation.with, conversation.lastSeq, conversation.theirs.read]),
        [
          [bo.nick, 3, 1],
          [nick, 1, 0],
        ],
      );
      const pages = [0, 2, 3].map((after) => stage.store.messagesAfter(ana.id, bo.id, after, 2));
      const [first, second, none] = await Promise.all(pages);
      assert.deepEqual([...first!, ...second!, ...none!], before);
      const notes = await stage.store.messagesAfter(ana.id, ana.id, 0, 10);
      assert.deepEqual(
        notes.map(({ text }) => text),
        ['a note'],
      );
    });
  });
}
