import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { array, assert as assertProperty, constantFrom, property, string } from 'fast-check';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { fold, rangesOf, termsOf } from '../../client/store/fold.ts';
import { enqueueMessage } from '../../client/store/outbox.ts';
import { editQueued } from '../../client/store/queue.ts';
import { MessageSearch } from '../../client/store/search.ts';
import { addHistory, noteKeptFrom } from '../../client/store/thread.ts';
import { applyEvents } from '../../client/store/timeline.ts';
import type { Message } from '../../server/protocol/requests.ts';

describe('folding a text for searching', () => {
  const same: [string, string][] = [
    ['Grüße', 'grusse'],
    ['STRASSE', 'straße'],
    ['Crème brûlée', 'creme brulee'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσεύς'],
    ['Ёлка', 'елка'],
    ['İstanbul', 'istanbul'],
    ['ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
    ['カタカナ', 'かたかな'],
    ['שָׁלוֹם', 'שלום'],
    ['السَّلَامُ عَلَيْكُمْ', 'السلام عليكم'],
    ['ﬁnd', 'find'],
  ];
  for (const [text, other] of same) {
    it(`takes ${text} for ${other}`, () => assert.equal(fold(text), fold(other)));
  }

  it('keeps marks that make another word of a word', () => {
    assert.notEqual(fold('กา'), fold('กี'));
    assert.notEqual(fold('कि'), fold('की'));
  });

  it('finds the place of a hit in the text as it was typed', () => {
    const marked = (text: string, words: string) =>
      rangesOf(text, termsOf(words)).map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(marked('Viele Grüße aus der STRASSE', 'grusse straße'), ['Grüße', 'STRASSE']);
    assert.deepEqual(marked('👋🏽 crème, Crème', 'creme'), ['crème', 'Crème']);
    assert.deepEqual(marked('ababab', 'aba bab'), ['ababab']);
    assert.deepEqual(marked('nothing', 'something'), []);
    assert.deepEqual(marked('السَّلَامُ', 'السلام'), ['السَّلَامُ']);
  });

  it('finds places that are places of the text, whatever the text is', () => {
    const text = string({ unit: 'grapheme', maxLength: 40 });
    assertProperty(
      property(text, array(constantFrom('a', 'ß', 'i', ' ', 'カ', 'é'), { maxLength: 3 }), (words, terms) => {
        let before = -1;
        for (const { start, end } of rangesOf(words, termsOf(terms.join('')))) {
          assert.ok(start > before && end > start && end <= words.length);
          before = end;
        }
      }),
    );
  });
});

describe('searching the messages on the device', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const bob = { id: 'id-of-bob', nick: 'bob' };
  const eve = { id: 'id-of-eve', nick: 'eve' };
  let me = { id: '', nick: 'ann' };
  let db: Database;
  let search: MessageSearch;

  beforeEach(() => {
    me = { id: randomUUID(), nick: 'ann' };
    db = new Database(me.id);
    search = new MessageSearch(db);
  });
  after(closeChanges);

  function said(from: { id: string; nick: string }, to: typeof from, seq: number, text: string): Message {
    const whom = { from: from.nick, fromId: from.id, to: to.nick, toId: to.id };
    return { ...whom, id: randomUUID(), text, composedAt: at(seq), seq, acceptedAt: at(seq) };
  }
  const comesIn = (...messages: Message[]) =>
    applyEvents(
      db,
      messages.map((data) => ({ id: `e.${data.seq}.tag`, event: { kind: 'inbox', data } })),
    );
  const found = async (words: string, atMost = 50) => {
    const { hits, ...more } = await search.find(words, atMost);
    return { texts: hits.map(({ nick, message }) => `${nick}: ${message.text}`), ...more };
  };

  it('finds all of the words in any order and any language, the latest first', async () => {
    await comesIn(
      said(bob, me, 1, 'Wir treffen uns am Südtor'),
      said(me, bob, 2, 'Am Südtor? Gut, wir treffen uns dort'),
      said(eve, me, 1, 'لنلتقِ عند البوّابة'),
    );
    assert.deepEqual((await found('sudtor TREFFEN')).texts, [
      'bob: Am Südtor? Gut, wir treffen uns dort',
      'bob: Wir treffen uns am Südtor',
    ]);
    assert.deepEqual((await found('البوابة')).texts, ['eve: لنلتقِ عند البوّابة']);
    assert.deepEqual((await found('Nordtor')).texts, []);
    assert.deepEqual((await found('   ')).texts, []);
  });

  it('finds what came in since, what waits, and what was changed in the queue', async () => {
    await comesIn(said(bob, me, 1, 'first tea'));
    assert.equal((await found('tea')).texts.length, 1);
    await comesIn(said(bob, me, 2, 'second tea'));
    const id = randomUUID();
    await enqueueMessage(db, { id, me, peer: bob, text: 'my tea', composedAt: at(3) });
    assert.deepEqual((await found('tea')).texts, ['bob: my tea', 'bob: second tea', 'bob: first tea']);
    await editQueued(db, id, 'my coffee', { id: randomUUID(), composedAt: at(4) });
    assert.deepEqual((await found('tea')).texts, ['bob: second tea', 'bob: first tea']);
    assert.deepEqual((await found('coffee')).texts, ['bob: my coffee']);
  });

  it('says that more was found than is told', async () => {
    await comesIn(...Array.from({ length: 60 }, (_, index) => said(bob, me, index + 1, `tea ${index + 1}`)));
    const { texts, isMore } = await found('tea');
    assert.deepEqual([texts.length, texts[0], isMore], [50, 'bob: tea 60', true]);
    assert.equal((await found('tea 60')).isMore, false);
  });

  it('does not call incomplete what the server keeps no more of either', async () => {
    await comesIn(said(bob, me, 4, 'new'));
    await noteKeptFrom(db, bob.id, 4);
    assert.equal((await found('new')).incomplete, 0);
  });

  it('says of how many conversations a part is only on the server', async () => {
    const older = [1, 2, 3].map((seq) => said(bob, me, seq, `old ${seq}`));
    await comesIn(said(bob, me, 4, 'new'), said(eve, me, 1, 'all of it'));
    assert.equal((await found('old')).incomplete, 1);
    await addHistory(db, older);
    assert.deepEqual(await found('old'), {
      texts: ['bob: old 3', 'bob: old 2', 'bob: old 1'],
      isMore: false,
      incomplete: 0,
    });
  });
});
