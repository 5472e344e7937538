/**
 * What every store must do, promise by promise. A store runs it by `describeEventStore(name, open)`,
 * where `open` gives an empty store and takes it away again afterwards.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatEventId, parseEventId } from '../../server/protocol/event-id.ts';
import type { Receipt } from '../../server/protocol/events.ts';
import type { Draft, Message } from '../../server/protocol/requests.ts';
import type { EventStore, InboxPage, StoredPerson } from '../../server/store/event-store.ts';

export interface OpenedStore {
  store: EventStore;
  remove: () => Promise<void>;
}

export const at = '2026-05-01T12:00:00.000Z';
export const minutesLater = (minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

export function draftTo(to: string, text: string, changes: Partial<Draft> = {}): Draft {
  return { id: randomUUID(), to, text, composedAt: '2026-05-01T11:59:00.000Z', ...changes };
}

export async function join(store: EventStore, nick: string, tokenHash = `token of ${nick}`) {
  const outcome = await store.signIn({ nick, tokenHash, at });
  assert.equal(outcome.kind, 'signed-in', `${nick} can sign in`);
  return (outcome as { me: StoredPerson }).me;
}

/** The events after a cursor, all pages of them. */
export async function eventsAfter(store: EventStore, personId: string, cursor: string, limit = 200) {
  const events: { id: string; kind: string; data: Message & Receipt }[] = [];
  let position = cursor;
  for (;;) {
    const page = notReset(await store.readInbox(personId, position, limit));
    events.push(...page.events.map(({ id, kind, json }) => ({ id, kind, data: JSON.parse(json) })));
    position = page.cursor;
    if (!page.more) return { events, cursor: position };
  }
}

function notReset(page: InboxPage): Extract<InboxPage, { kind: 'events' }> {
  assert.equal(page.kind, 'events');
  return page;
}

export function describeEventStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let store: EventStore;
    let remove: () => Promise<void>;
    let count = 0;
    /** Nicks are for one test only, because all share the store. */
    const newNick = (word: string) => `${word}.${(count += 1)}`;
    const joinAs = (word: string) => join(store, newNick(word));
    const texts = async (personId: string, cursor: string) =>
      (await eventsAfter(store, personId, cursor)).events.map(({ data }) => data.text);

    before(async () => {
      ({ store, remove } = await open());
    });
    after(() => remove());

    describe('persons', () => {
      it('gives a nick to one person, whatever its case or look-alike letters', async () => {
        const nick = newNick('paco');
        await join(store, nick);
        const attempts = [nick.toUpperCase(), nick.replace('o', 'о'), nick.replace('a', 'α')];
        for (const attempt of attempts) {
          const outcome = await store.signIn({ nick: attempt, tokenHash: randomUUID(), at });
          assert.equal(outcome.kind, 'nick-taken', attempt);
        }
      });

      it('lets exactly one of a hundred have a nick that all want at once', async () => {
        const nick = newNick('wanted');
        const attempts = Array.from({ length: 100 }, () =>
          store.signIn({ nick, tokenHash: randomUUID(), at }),
        );
        const outcomes = await Promise.all(attempts);
        assert.equal(outcomes.filter(({ kind }) => kind === 'signed-in').length, 1);
      });

      it('takes the same attempt for the same person, and ends the session whose answer was lost', async () => {
        const nick = newNick('lost');
        const key = randomUUID();
        const first = await store.signIn({ nick, tokenHash: `${nick} a`, key, at });
        const again = await store.signIn({ nick, tokenHash: `${nick} b`, key, at: minutesLater(9) });
        assert.deepEqual(again, first);
        assert.equal(await store.personOfSession(`${nick} a`), undefined);
        assert.equal((await store.personOfSession(`${nick} b`))?.nick, nick);
      });

      it('refuses the nick to another attempt, and to the same after ten minutes', async () => {
        const nick = newNick('late');
        const key = randomUUID();
        await store.signIn({ nick, tokenHash: `${nick} a`, key, at });
        const other = await store.signIn({ nick, tokenHash: `${nick} b`, key: randomUUID(), at });
        const late = await store.signIn({ nick, tokenHash: `${nick} c`, key, at: minutesLater(11) });
        assert.deepEqual([other.kind, late.kind], ['nick-taken', 'nick-taken']);
      });

      it('frees the nick with the last session; who takes it next is another person with an empty inbox', async () => {
        const ana = await joinAs('ana');
        const nick = newNick('freed');
        const first = await join(store, nick, `${nick} 1`);
        await store.append(ana.id, [draftTo(nick, 'for the first')], at);
        const { left } = await store.signOut(`${nick} 1`, at);
        assert.equal(left?.id, first.id);
        assert.equal(await store.personOfSession(`${nick} 1`), undefined);

        const second = await join(store, nick, `${nick} 2`);
        assert.notEqual(second.id, first.id);
        assert.equal(parseEventId(await store.head(second.id))!.position, 0);
        assert.equal((await store.person(first.id))?.nick, nick, 'the first stays as a label');
      });

      it('knows nobody by a token that was never given, and ends nothing by it', async () => {
        assert.equal(await store.personOfSession('never given'), undefined);
        assert.deepEqual(await store.signOut('never given', at), { left: undefined });
      });

      it('finds people by a part of their nick, regardless of case and look-alikes', async () => {
        const bernd = await join(store, newNick('Bernd'));
        for (const search of ['ber', 'BERN', 'bегn', bernd.nick]) {
          const found = await store.people(search, 100);
          assert.deepEqual(found, [bernd], search);
        }
      });

      it('takes wildcards of its query language for letters', async () => {
        await joinAs('under');
        const found = await store.people('_', 100);
        assert.deepEqual(found, []);
        assert.deepEqual(await store.people('%', 100), []);
      });

      it('lists who has a nick now, in order, at most as many as asked for', async () => {
        const nicks = [newNick('list-b'), newNick('List-A'), newNick('list-c')];
        for (const nick of nicks) await join(store, nick);
        await store.signOut(`token of ${nicks[2]}`, at);
        const found = await store.people('list-', 100);
        assert.deepEqual(
          found.map(({ nick }) => nick),
          [nicks[1], nicks[0]],
        );
        assert.equal((await store.people(undefined, 1)).length, 1);
      });

      it('remembers when somebody was last online, and never an earlier time', async () => {
        const ana = await joinAs('seen');
        assert.equal(ana.lastSeen, null);
        await store.recordSeen([{ personId: ana.id, at: minutesLater(5) }]);
        await store.recordSeen([{ personId: ana.id, at: minutesLater(1) }]);
        assert.equal((await store.person(ana.id))?.lastSeen, minutesLater(5));
      });
    });

    describe('messages', () => {
      it('puts a message into both inboxes, as the same message', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const cursors = { ana: await store.head(ana.id), bo: await store.head(bo.id) };
        const draft = draftTo(bo.nick, 'a line\nand "another" \\ \u2028 \u007f 👋🏽');
        const { results, inboxes } = await store.append(ana.id, [draft], at);
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
          const page = notReset(await store.readInbox(personId, cursor, 10));
          assert.equal(page.events.length, 1);
          assert.equal(page.events[0]!.kind, 'inbox');
          assert.deepEqual(JSON.parse(page.events[0]!.json), results[0]!.message);
          assert.ok(!/[\n\r]/.test(page.events[0]!.json), 'one line');
        }
      });

      it('puts a note to oneself into the inbox once', async () => {
        const ana = await joinAs('ana');
        const cursor = await store.head(ana.id);
        const { inboxes } = await store.append(ana.id, [draftTo(ana.nick, 'milk')], at);
        assert.deepEqual(inboxes, [ana.id]);
        assert.deepEqual(await texts(ana.id, cursor), ['milk']);
      });

      it('takes a message once however often it is sent', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const cursor = await store.head(bo.id);
        const draft = draftTo(bo.nick, 'once');
        const attempts = await Promise.all(
          Array.from({ length: 20 }, () => store.append(ana.id, [draft, draft], at)),
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
        await store.append(ana.id, [draft], at);
        const { results } = await store.append(
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
        const both = await Promise.all([ana, bo].map(({ id }) => store.append(id, [draft], at)));
        assert.deepEqual(
          both.map(({ results }) => results[0]!.status),
          ['accepted', 'accepted'],
        );
      });

      it('judges each draft of a batch alone, in order', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const cursor = await store.head(bo.id);
        const drafts = [
          draftTo(bo.nick, 'one'),
          draftTo(newNick('nobody'), 'lost'),
          draftTo(bo.nick, 'not for this one', { toId: randomUUID() }),
          draftTo(bo.nick, 'two', { toId: bo.id }),
        ];
        const { results } = await store.append(ana.id, drafts, at);
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
        const { inboxes } = await store.append(ana.id, [draftTo(newNick('nobody'), 'lost')], at);
        assert.deepEqual(inboxes, []);
      });

      it('answers duplicate for ever, also when the nick has passed to another person', async () => {
        const ana = await joinAs('ana');
        const nick = newNick('passing');
        const first = await join(store, nick, `${nick} 1`);
        const draft = draftTo(nick, 'hello', { toId: first.id });
        await store.append(ana.id, [draft], at);
        await store.signOut(`${nick} 1`, at);
        const orphan = draftTo(nick, 'too late', { toId: first.id });
        const whileFree = await store.append(ana.id, [draft, orphan], at);
        await join(store, nick, `${nick} 2`);
        const whenTaken = await store.append(ana.id, [draft, orphan], at);
        const codes = ({ results }: typeof whileFree) => results.map((r) => r.error?.code ?? r.status);
        assert.deepEqual(codes(whileFree), ['duplicate', 'unknown_person']);
        assert.deepEqual(codes(whenTaken), ['duplicate', 'person_changed']);
      });

      it('counts the messages of a conversation from 1 without a gap, the same for both', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const cursors = [await store.head(ana.id), await store.head(bo.id)];
        await Promise.all(
          Array.from({ length: 30 }, (_, index) => {
            const [from, to] = index % 2 ? [ana, bo] : [bo, ana];
            return store.append(
              from.id,
              [draftTo(to.nick, `${index} a`), draftTo(to.nick, `${index} b`)],
              at,
            );
          }),
        );
        const seen = await Promise.all(
          [ana, bo].map(({ id }, index) => eventsAfter(store, id, cursors[index]!)),
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
        const bo = await join(store, nick, `${nick} 1`);
        await store.append(
          ana.id,
          [1, 2, 3, 4, 5].map((n) => draftTo(nick, `${n}`)),
          at,
        );
        const pageOf = async (below: number | undefined, peer: { with: string; withId?: string }) => {
          const page = await store.history(ana.id, peer, below, 2);
          return page && [page.messages.map(({ text }) => text).join(''), page.more];
        };
        assert.deepEqual(await pageOf(undefined, { with: nick }), ['45', true]);
        assert.deepEqual(await pageOf(4, { with: nick.toUpperCase() }), ['23', true]);
        assert.deepEqual(await pageOf(2, { with: nick }), ['1', false]);
        await store.signOut(`${nick} 1`, at);
        assert.equal(await pageOf(undefined, { with: nick }), undefined);
        assert.deepEqual(await pageOf(undefined, { with: nick, withId: bo.id }), ['45', true]);
        assert.deepEqual(await store.history(ana.id, { with: ana.nick }, undefined, 2), {
          messages: [],
          more: false,
        });
      });
    });

    describe('the log', () => {
      it('gives every later event once, in order, whatever the size of the pages', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const cursor = await store.head(bo.id);
        const sent = Array.from({ length: 10 }, (_, index) => `${index}`);
        for (const text of sent) await store.append(ana.id, [draftTo(bo.nick, text)], at);
        for (const limit of [1, 3, 10, 200]) {
          const { events, cursor: end } = await eventsAfter(store, bo.id, cursor, limit);
          assert.deepEqual(
            events.map(({ data }) => data.text),
            sent,
          );
          assert.equal(end, await store.head(bo.id));
          assert.equal(end, events.at(-1)!.id);
        }
      });

      it('says that there is more only when there is', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const cursor = await store.head(bo.id);
        await store.append(ana.id, [draftTo(bo.nick, '1'), draftTo(bo.nick, '2')], at);
        assert.equal(notReset(await store.readInbox(bo.id, cursor, 2)).more, false);
        assert.equal(notReset(await store.readInbox(bo.id, cursor, 1)).more, true);
      });

      it('keeps a page below 64 KiB, but gives one event at least', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const cursor = await store.head(bo.id);
        const long = '😀'.repeat(4_000);
        await store.append(
          ana.id,
          Array.from({ length: 9 }, () => draftTo(bo.nick, long)),
          at,
        );
        const page = notReset(await store.readInbox(bo.id, cursor, 200));
        const bytes = page.events.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
        assert.ok(bytes <= 64 * 1024 && page.events.length >= 1 && page.more, `${bytes} bytes`);
        assert.equal((await eventsAfter(store, bo.id, cursor)).events.length, 9);
      });

      it('tells each cursor that is no good by its reason, with the head to go on from', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const empty = parseEventId(await store.head(bo.id))!;
        await store.append(ana.id, [draftTo(bo.nick, '1')], at);
        const head = await store.head(bo.id);
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
          assert.deepEqual(await store.readInbox(bo.id, cursor, 10), { kind: 'reset', reason, head }, cursor);
        }
      });

      it("never takes another person's cursor for one of its own", async () => {
        const [ana, bo, cy] = [await joinAs('ana'), await joinAs('bo'), await joinAs('cy')];
        const ofBo = [await store.head(bo.id)];
        for (const text of ['1', '2']) {
          await store.append(ana.id, [draftTo(bo.nick, text), draftTo(cy.nick, text)], at);
          ofBo.push(await store.head(bo.id));
        }
        for (const cursor of ofBo) {
          const page = await store.readInbox(cy.id, cursor, 10);
          assert.deepEqual(page, { kind: 'reset', reason: 'restored', head: await store.head(cy.id) });
        }
      });

      it('meets any garbage as a cursor with a reset', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        await store.append(ana.id, [draftTo(bo.nick, 'private')], at);
        const { epoch, position, tag } = parseEventId(await store.head(bo.id))!;
        const piece = fc.oneof(fc.constantFrom(epoch, tag, String(position)), fc.string(), fc.integer());
        const cursors = fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('.')),
        );
        await fc.assert(
          fc.asyncProperty(cursors, async (cursor) => {
            fc.pre(cursor !== `${epoch}.${position}.${tag}`);
            assert.equal((await store.readInbox(bo.id, cursor, 10)).kind, 'reset');
            assert.deepEqual(await store.recordReceipts(bo.id, { delivered: cursor }, at), { inboxes: [] });
          }),
          { numRuns: 300 },
        );
      });
    });

    describe('receipts', () => {
      /** Two persons, and three messages from the first to the second. */
      async function threeSent() {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        await store.append(
          ana.id,
          ['1', '2', '3'].map((text) => draftTo(bo.nick, text)),
          at,
        );
        return { ana, bo, anaAt: await store.head(ana.id), boAt: await store.head(bo.id) };
      }
      const receiptsAfter = async (personId: string, cursor: string) =>
        (await eventsAfter(store, personId, cursor)).events.map(({ kind, data }) => {
          assert.equal(kind, 'receipt');
          return data;
        });

      it('tell the sender what was delivered up to a cursor', async () => {
        const { ana, bo, anaAt, boAt } = await threeSent();
        const { inboxes } = await store.recordReceipts(bo.id, { delivered: boAt }, minutesLater(1));
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
        const { inboxes } = await store.recordReceipts(bo.id, { read }, at);
        assert.deepEqual(inboxes.toSorted(), [ana.id, bo.id].toSorted());
        const common = { by: bo.nick, byId: bo.id, delivered: 2, read: 2, at };
        assert.deepEqual(await receiptsAfter(ana.id, anaAt), [{ with: bo.nick, withId: bo.id, ...common }]);
        assert.deepEqual(await receiptsAfter(bo.id, boAt), [{ with: ana.nick, withId: ana.id, ...common }]);
      });

      it('are stored and told only when something grew', async () => {
        const { ana, bo, anaAt, boAt } = await threeSent();
        const receipts = { delivered: boAt, read: [{ with: ana.nick, upTo: 3 }] };
        await store.recordReceipts(bo.id, receipts, at);
        const again = await store.recordReceipts(bo.id, receipts, at);
        const less = await store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 1 }] }, at);
        assert.deepEqual([again, less], [{ inboxes: [] }, { inboxes: [] }]);
        assert.equal((await receiptsAfter(ana.id, anaAt)).length, 1);
      });

      it('never say more than was sent', async () => {
        const { ana, bo, anaAt } = await threeSent();
        await store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 1_000 }] }, at);
        const [receipt] = await receiptsAfter(ana.id, anaAt);
        assert.deepEqual([receipt!.delivered, receipt!.read], [3, 3]);
      });

      it('ignore persons whom nobody knows, conversations that nobody began, and notes to oneself', async () => {
        const { bo } = await threeSent();
        const stranger = await joinAs('stranger');
        await store.append(bo.id, [draftTo(bo.nick, 'note')], at);
        const read = [newNick('nobody'), stranger.nick, bo.nick].map((nick) => ({ with: nick, upTo: 1 }));
        assert.deepEqual(await store.recordReceipts(bo.id, { read }, at), { inboxes: [] });
      });

      it("do not take one's own messages for delivered", async () => {
        const { ana, anaAt } = await threeSent();
        assert.deepEqual(await store.recordReceipts(ana.id, { delivered: anaAt }, at), { inboxes: [] });
      });

      it("ignore the cursor of another person's inbox", async () => {
        const { bo, anaAt } = await threeSent();
        assert.deepEqual(await store.recordReceipts(bo.id, { delivered: anaAt }, at), { inboxes: [] });
      });

      it('are passed over in replay when a later one supersedes them, and the cursor moves on past them', async () => {
        const { ana, bo, anaAt, boAt } = await threeSent();
        for (const upTo of [1, 2, 3]) {
          await store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo }] }, at);
        }
        const superseded = notReset(await store.readInbox(ana.id, anaAt, 1));
        assert.deepEqual(
          superseded.events.map(({ json }) => (JSON.parse(json) as Receipt).read),
          [3],
        );
        assert.equal(superseded.more, false);
        assert.equal(superseded.cursor, await store.head(ana.id));
        assert.deepEqual(
          (await receiptsAfter(bo.id, boAt)).map(({ read }) => read),
          [3],
        );
      });

      it('leave the place of a superseded one good as a cursor', async () => {
        const { ana, bo } = await threeSent();
        await store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 1 }] }, at);
        const cursor = await store.head(ana.id);
        await store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 2 }] }, at);
        const receipts = await receiptsAfter(ana.id, cursor);
        assert.deepEqual(
          receipts.map(({ read }) => read),
          [2],
        );
      });

      it('of two directions do not supersede each other', async () => {
        const { ana, bo, anaAt } = await threeSent();
        await store.append(bo.id, [draftTo(ana.nick, 'back')], at);
        await store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 3 }] }, at);
        await store.recordReceipts(ana.id, { read: [{ with: bo.nick, upTo: 4 }] }, at);
        const { events } = await eventsAfter(store, ana.id, anaAt);
        assert.deepEqual(
          events.filter(({ kind }) => kind === 'receipt').map(({ data }) => [data.by, data.read]),
          [
            [bo.nick, 3],
            [ana.nick, 4],
          ],
        );
      });
    });

    describe('a snapshot', () => {
      it('has all that a new device needs, and a cursor that goes on from there', async () => {
        const [ana, bo] = [await joinAs('ana'), await joinAs('bo')];
        const sent = Array.from({ length: 35 }, (_, index) => draftTo(bo.nick, `${index + 1}`));
        await store.append(ana.id, sent, at);
        await store.append(bo.id, [draftTo(ana.nick, 'answer'), draftTo(bo.nick, 'note')], at);
        await store.recordReceipts(bo.id, { read: [{ with: ana.nick, upTo: 20 }] }, at);
        const snapshot = await store.snapshot(bo.id);
        assert.deepEqual(snapshot.me, bo);
        assert.equal(snapshot.cursor, await store.head(bo.id));
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
            let { cursor, state } = digest(await store.snapshot(me.id));
            for (const { from, to, kind } of deeds) {
              if (kind === 'send') await store.append(from.id, [draftTo(to.nick, 'x')], at);
              if (kind === 'read') {
                await store.recordReceipts(from.id, { read: [{ with: to.nick, upTo: 1_000_000 }] }, at);
              }
              if (kind === 'delivered') {
                await store.recordReceipts(from.id, { delivered: await store.head(from.id) }, at);
              }
              if (kind === 'look') ({ cursor, state } = digest(await store.snapshot(me.id)));
            }
            const { events } = await eventsAfter(store, me.id, cursor);
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
            assert.deepEqual(state, digest(await store.snapshot(me.id)).state);
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

    it('refuses what is asked for a person that it does not have', async () => {
      const nobody = randomUUID();
      await assert.rejects(store.append(nobody, [draftTo(newNick('x'), 'x')], at), /no person/);
      await assert.rejects(store.readInbox(nobody, 'x', 1), /no person/);
      await assert.rejects(store.snapshot(nobody), /no person/);
      assert.equal(await store.person(nobody), undefined);
    });
  });
}
