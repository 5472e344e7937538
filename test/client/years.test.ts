/** Years of messages on one device: 50,000 in 500 conversations. What is read of them is counted, which no slow machine changes. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { addLastMessages, listConversations } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { MessageSearch } from '../../client/store/search.ts';
import { fullDevice, rareText } from '../support/full-device.ts';

const me = { id: '5c6b1f0e-0000-4000-8000-000000000001', nick: 'ann' };
const device = fullDevice(me, { conversations: 500, messages: 50_000 }, Date.UTC(2026, 0, 1));
const db = new Database(me.id);
const everybody = () => true;

/** How often each way of reading is used while `act` runs. */
async function readsDuring(act: () => Promise<unknown>): Promise<{ cursors: number; steps: number }> {
  const reads = { cursors: 0, steps: 0 };
  const { openCursor } = IDBIndex.prototype;
  const { continue: step } = IDBCursor.prototype;
  IDBIndex.prototype.openCursor = function counted(...input) {
    reads.cursors += 1;
    return openCursor.apply(this, input);
  };
  IDBCursor.prototype.continue = function counted(...input) {
    reads.steps += 1;
    return step.apply(this, input);
  };
  try {
    await act();
  } finally {
    IDBIndex.prototype.openCursor = openCursor;
    IDBCursor.prototype.continue = step;
  }
  return reads;
}

before(async () => {
  await db.write(['people', 'conversations', 'messages'], async (tx) => {
    await Promise.all([
      ...device.people.map((row) => tx.objectStore('people').put(row)),
      ...device.conversations.map((row) => tx.objectStore('conversations').put(row)),
      ...device.messages.map((row) => tx.objectStore('messages').put(row)),
    ]);
  });
});
after(closeChanges);

describe('the list of 500 conversations', () => {
  it('reads the last message of those only that are shown, one record each', async () => {
    let list: Awaited<ReturnType<typeof listConversations>> = [];
    const reads = await readsDuring(async () => {
      list = await listConversations(db, { atMost: 15, fits: everybody });
    });
    assert.deepEqual(reads, { cursors: 15, steps: 0 });
    assert.equal(list.length, 500);
    assert.deepEqual(
      list.map(({ last }) => last !== undefined),
      list.map((_, index) => index < 15),
    );
  });

  it('reads on for those that come into sight', async () => {
    const list = await listConversations(db, { atMost: 15, fits: everybody });
    const reads = await readsDuring(() => addLastMessages(db, list.slice(15, 25)));
    assert.deepEqual(reads, { cursors: 10, steps: 0 });
    assert.equal(list.filter(({ last }) => last).length, 25);
  });

  it('reads for those whose nick is looked for, however far down they stand', async () => {
    const list = await listConversations(db, { atMost: 15, fits: (nick) => nick === 'person499' });
    assert.deepEqual(
      list.filter(({ last }) => last).map(({ nick }) => nick),
      ['person499'],
    );
  });
});

describe('searching 50,000 messages', () => {
  const search = new MessageSearch(db);
  const texts = async (words: string) =>
    (await search.find(words, 50)).hits.map(({ nick, message }) => `${nick}: ${message.text}`);
  after(() => search.stop());

  it('answers who searches while all is still being read from all of it, too', async () => {
    const [one, other] = await Promise.all([search.find('the', 50), search.find('the', 50)]);
    assert.deepEqual(other, one);
    assert.equal(one.hits.length, 50);
  });

  it('finds the one message of all that has the words, in any order, without accents', async () => {
    assert.deepEqual(await texts('sudstrand LEUCHTTURMWARTERIN grusst'), [`person1: ${rareText}`]);
    assert.deepEqual(await texts('leuchtturm xylophon'), []);
  });

  for (const words of ['the', 'train seven', 'الشبكة', '富士山', 'storche', 'नेटवर्क']) {
    it(`finds the latest messages with ${words}, as who looks at each of them does`, async () => {
      const { hits, isMore } = await search.find(words, 50);
      const terms = words.split(' ');
      const plain = (text: string) =>
        text
          .normalize('NFKD')
          .replaceAll(/[\u0300-\u036f\u064b-\u065f]/g, '')
          .toLowerCase();
      const all = device.messages
        .filter(({ text }) => terms.every((term) => plain(text).includes(plain(term))))
        .map(({ acceptedAt }) => acceptedAt!)
        .toSorted()
        .toReversed();
      assert.deepEqual(
        hits.map(({ message }) => message.acceptedAt),
        all.slice(0, 50),
      );
      assert.equal(isMore, all.length > 50);
      assert.ok(all.length > 0);
    });
  }

  it('says of how many conversations a part is only on the server', async () => {
    assert.equal((await search.find('the', 1)).incomplete, 50);
  });
});
