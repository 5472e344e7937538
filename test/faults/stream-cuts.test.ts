/**
 * The page's own code on a stream that is cut off after each byte in turn, from the first of `ack` to beyond the last of
 * what was missed: it comes back by itself each time, and has everything once and in order.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Universe } from './model/universe.ts';

const reader = 2;
/** Short, so that there are few bytes to cut at; with letters of one to four bytes. */
const texts = ['a', 'ü\n—', '😀'];
/** More than `ack` and the events of one round. */
const mostBytes = 1_300;

let universe: Universe;
before(async () => {
  universe = await Universe.create(1);
  universe.browsers.forEach((browser, index) => index !== reader && browser.crash());
});
after(() => universe.end());

/** Puts messages into the inbox of the reader without waking anybody. */
function write(round: number): void {
  const [ann, bob] = universe.people;
  const drafts = texts.map((text) => ({
    id: randomUUID(),
    to: bob!.nick,
    toId: bob!.id,
    text: `${text}${round}`,
    composedAt: new Date(0).toISOString(),
  }));
  universe.data.write([{ name: 'append', parameters: [ann!.id, drafts, new Date(0).toISOString()] }]);
}

describe('a stream that is cut off after each byte in turn', () => {
  it('brings every message once, in order, and leaves nothing half done', async () => {
    const { world, networks, people, browsers } = universe;
    const network = networks[reader]!;
    const ann = people[0]!;
    const tab = browsers[reader]!.tabs[0]!;
    await world.advance(5_000);
    for (let bytes = 0; bytes <= mostBytes; bytes += 1) {
      write(bytes);
      network.cutAfterBytes = bytes;
      network.cut();
      await world.advance(4_000);
      const { messages } = await universe.during(tab.run(() => tab.readThread(ann.id, texts.length)));
      assert.deepEqual(
        messages.map(({ text, seq }) => [text, seq]),
        texts.map((text, index) => [`${text}${bytes}`, bytes * texts.length + index + 1]),
        `cut after ${bytes} bytes`,
      );
    }
    assert.notEqual(network.cutAfterBytes, Infinity, 'the last cut lay beyond the last byte that there was');
    const { unread } = (await universe.during(
      tab.run(() =>
        tab.engine.db.read(['conversations'], (tx) => tx.objectStore('conversations').get(ann.id)),
      ),
    ))!;
    assert.equal(unread, (mostBytes + 1) * texts.length);
    assert.deepEqual(tab.problems, []);
    assert.deepEqual(universe.resets, []);
  });
});
