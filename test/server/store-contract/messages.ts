/** Messages: taken once, judged one by one, counted without a gap. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { digestOfAll, emptyDigest } from '../../../server/protocol/digest.ts';
import { at, draftTo, eventsAfter, join, minutesLater, notReset, type Stage } from './stage.ts';

export function describeMessages(stage: Stage): void {
  const { newNick, joinAs, texts } = stage;

  describe('messages', () => {
    it('puts a message into both inboxes, as the same message', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const cursors = { ana: await stage.store.head(ana.id), bo: await stage.store.head(bo.id) };
      const draft = draftTo(bo.nick, 'a line\nand "another" \\ \u2028 \u007f 👋🏽');
      const { results, inboxes } = await stage.store.append(ana.id, [draft], at);
      const { id, text, composedAt } = draft;
      const message = { id, from: ana.nick, fromId: ana.id, to: bo.nick, toId: bo.id, text, composedAt };
      assert.deepEqual(results, [
        { id, status: 'accepted', message: { ...message, seq: 1, acceptedAt: at } },
      ]);
      assert.deepEqual(inboxes.toSorted(), [ana.id, bo.id].toSorted());
      for (const [personId, cursor] of [
        [ana.id, cursors.ana],
        [bo.id, cursors.bo],
      ] as const) {
        const page = notReset(await stage.store.readInbox(personId, cursor, 10));
        assert.equal(page.events.length, 1);
        assert.equal(page.events[0]!.kind, 'inbox');
        assert.deepEqual(JSON.parse(page.events[0]!.json), results[0]!.message);
        assert.ok(!/[\n\r]/.test(page.events[0]!.json), 'one line');
      }
    });

    it('puts a note to oneself into the inbox once', async () => {
      const ana = await joinAs('ana');
      const cursor = await stage.store.head(ana.id);
      const { inboxes } = await stage.store.append(ana.id, [draftTo(ana.nick, 'milk')], at);
      assert.deepEqual(inboxes, [ana.id]);
      assert.deepEqual(await texts(ana.id, cursor), ['milk']);
    });

    it('takes a message once however often it is sent', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const cursor = await stage.store.head(bo.id);
      const draft = draftTo(bo.nick, 'once');
      const attempts = await Promise.all(
        Array.from({ length: 20 }, () => stage.store.append(ana.id, [draft, draft], at)),
      );
      const results = attempts.flatMap((attempt) => attempt.results);
      assert.equal(results.filter(({ status }) => status === 'accepted').length, 1);
      assert.equal(results.filter(({ status }) => status === 'duplicate').length, 39);
      assert.equal(new Set(results.map(({ message }) => JSON.stringify(message))).size, 1);
      assert.deepEqual(await texts(bo.id, cursor), ['once']);
    });

    it('compares person and text of a repeated id, not when it was composed', async () => {
      const [ana, bo, cy] = [await joinAs('ana'), await joinAs('bo'), await joinAs('cy')];
      const draft = draftTo(bo.nick, 'first');
      await stage.store.append(ana.id, [draft], at);
      const { results } = await stage.store.append(
        ana.id,
        [
          { ...draft, composedAt: minutesLater(1) },
          { ...draft, to: bo.nick.toUpperCase(), id: draft.id.toUpperCase() },
          { ...draft, toId: bo.id },
          { ...draft, text: 'second' },
          { ...draft, to: cy.nick },
          { ...draft, toId: cy.id },
        ],
        at,
      );
      assert.deepEqual(
        results.map(({ status, error }) => error?.code ?? status),
        ['duplicate', 'duplicate', 'duplicate', 'id_reused', 'id_reused', 'id_reused'],
      );
      assert.equal(results[1]!.id, draft.id.toUpperCase(), 'answered under the id as it was sent');
      assert.ok(results.every(({ error }) => !error || error.detail.endsWith('.')));
    });

    it('takes the same id of two senders for two messages', async () => {
      const [ana, bo, cy] = [await joinAs('ana'), await joinAs('bo'), await joinAs('cy')];
      const draft = draftTo(cy.nick, 'mine');
      const both = await Promise.all([ana, bo].map(({ id }) => stage.store.append(id, [draft], at)));
      assert.deepEqual(
        both.map(({ results }) => results[0]!.status),
        ['accepted', 'accepted'],
      );
    });

    it('judges each draft of a batch alone, in order', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const cursor = await stage.store.head(bo.id);
      const drafts = [
        draftTo(bo.nick, 'one'),
        draftTo(newNick('nobody'), 'lost'),
        draftTo(bo.nick, 'not for this one', { toId: randomUUID() }),
        draftTo(bo.nick, 'two', { toId: bo.id }),
      ];
      const { results } = await stage.store.append(ana.id, drafts, at);
      assert.deepEqual(
        results.map(({ id, status, error }) => [id, error?.code ?? status]),
        [
          [drafts[0]!.id, 'accepted'],
          [drafts[1]!.id, 'unknown_person'],
          [drafts[2]!.id, 'person_changed'],
          [drafts[3]!.id, 'accepted'],
        ],
      );
      assert.deepEqual(await texts(bo.id, cursor), ['one', 'two']);
    });

    it('has no news for anybody when nothing was accepted', async () => {
      const ana = await joinAs('ana');
      const { inboxes } = await stage.store.append(ana.id, [draftTo(newNick('nobody'), 'lost')], at);
      assert.deepEqual(inboxes, []);
    });

    it('answers duplicate for ever, also when the nick has passed to another person', async () => {
      const ana = await joinAs('ana');
      const nick = newNick('passing');
      const first = await join(stage.store, nick, `${nick} 1`);
      const draft = draftTo(nick, 'hello', { toId: first.id });
      await stage.store.append(ana.id, [draft], at);
      await stage.store.signOut(`${nick} 1`, at);
      const orphan = draftTo(nick, 'too late', { toId: first.id });
      const whileFree = await stage.store.append(ana.id, [draft, orphan], at);
      await join(stage.store, nick, `${nick} 2`);
      const whenTaken = await stage.store.append(ana.id, [draft, orphan], at);
      const codes = ({ results }: typeof whileFree) => results.map((r) => r.error?.code ?? r.status);
      assert.deepEqual(codes(whileFree), ['duplicate', 'unknown_person']);
      assert.deepEqual(codes(whenTaken), ['duplicate', 'person_changed']);
    });

    it('counts the messages of a conversation from 1 without a gap, the same for both', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const cursors = [await stage.store.head(ana.id), await stage.store.head(bo.id)];
      await Promise.all(
        Array.from({ length: 30 }, (_, index) => {
          const [from, to] = index % 2 ? [ana, bo] : [bo, ana];
          return stage.store.append(
            from.id,
            [draftTo(to.nick, `${index} a`), draftTo(to.nick, `${index} b`)],
            at,
          );
        }),
      );
      const seen = await Promise.all(
        [ana, bo].map(({ id }, index) => eventsAfter(stage.store, id, cursors[index]!)),
      );
      const order = seen.map(({ events }) => events.map(({ data }) => `${data.seq} ${data.text}`));
      assert.deepEqual(order[0], order[1]);
      assert.deepEqual(
        seen[0]!.events.map(({ data }) => data.seq),
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
    });

    it('gives history page by page, oldest first, also of a person who has left', async () => {
      const ana = await joinAs('ana');
      const nick = newNick('left');
      const bo = await join(stage.store, nick, `${nick} 1`);
      await stage.store.append(
        ana.id,
        [1, 2, 3, 4, 5].map((n) => draftTo(nick, `${n}`)),
        at,
      );
      const pageOf = async (below: number | undefined, peer: { with: string; withId?: string }) => {
        const page = await stage.store.history(ana.id, peer, below, 2);
        return page && [page.messages.map(({ text }) => text).join(''), page.more];
      };
      assert.deepEqual(await pageOf(undefined, { with: nick }), ['45', true]);
      assert.deepEqual(await pageOf(4, { with: nick.toUpperCase() }), ['23', true]);
      assert.deepEqual(await pageOf(2, { with: nick }), ['1', false]);
      await stage.store.signOut(`${nick} 1`, at);
      assert.equal(await pageOf(undefined, { with: nick }), undefined);
      assert.deepEqual(await pageOf(undefined, { with: nick, withId: bo.id }), ['45', true]);
      assert.deepEqual(await stage.store.history(ana.id, { with: ana.nick }, undefined, 2), {
        messages: [],
        more: false,
      });
    });

    it('knows the digest of every stretch of a conversation', async () => {
      const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
      const with_ = (nick: string) => ({ with: nick });
      assert.deepEqual(await stage.store.stretch(ana.id, with_(bo.nick), 1, 9), {
        first: 0,
        last: 0,
        from: 1,
        upTo: 0,
        digest: emptyDigest,
      });
      for (const n of [1, 2, 3, 4, 5, 6]) {
        const [from, to] = n % 2 === 0 ? [bo, ana] : [ana, bo];
        await stage.store.append(from.id, [draftTo(to.nick, `${n} ü 👋🏽`), draftTo(to.nick, `${n} b`)], at);
      }
      const page = await stage.store.history(ana.id, with_(bo.nick), undefined, 100);
      for (let from = 1; from <= 12; from += 1) {
        for (let upTo = from; upTo <= 12; upTo += 1) {
          const digest = digestOfAll(page!.messages.slice(from - 1, upTo));
          const expected = { first: 1, last: 12, from, upTo, digest };
          assert.deepEqual(await stage.store.stretch(ana.id, with_(bo.nick), from, upTo), expected);
          assert.deepEqual(await stage.store.stretch(bo.id, with_(ana.nick), from, upTo), expected);
        }
      }
      const all = await stage.store.stretch(bo.id, { with: '', withId: ana.id }, 1, 1_000_000);
      assert.deepEqual([all!.from, all!.upTo, all!.digest], [1, 12, digestOfAll(page!.messages)]);
      assert.equal((await stage.store.stretch(bo.id, with_(ana.nick), 13, 20))!.digest, emptyDigest);
      assert.equal(await stage.store.stretch(ana.id, with_(newNick('nobody')), 1, 9), undefined);
    });
  });
}
