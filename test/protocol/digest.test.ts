/** The digest by which device and server compare a conversation. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  array,
  assert as assertProperty,
  integer,
  nat,
  pre,
  property,
  record,
  string,
  uuid,
} from 'fast-check';
import { digestOf, digestOfAll, emptyDigest, minus, plus } from '../../server/protocol/digest.ts';

const message = record({
  seq: integer({ min: 1, max: 1_000_000 }),
  fromId: uuid(),
  id: uuid(),
  text: string({ unit: 'grapheme', maxLength: 60 }),
});

describe('the digest of a conversation', () => {
  it('is the same everywhere and for ever, since other programs compute it too', () => {
    const fromId = '00000000-0000-4000-8000-000000000001';
    const id = '00000000-0000-4000-8000-000000000002';
    assert.equal(digestOf({ seq: 1, fromId, id, text: 'hello' }), 'cfa98f42e69b2a4c');
    assert.equal(digestOf({ seq: 2, fromId, id, text: 'Grüße 👋🏽\nשלום' }), 'ab05d8fcc526ef9c');
  });

  it('rolls: stretches add up, and what is left out is subtracted', () => {
    assertProperty(
      property(array(message, { maxLength: 20 }), nat(20), (messages, at) => {
        const [head, tail] = [messages.slice(0, at), messages.slice(at)].map(digestOfAll);
        const whole = digestOfAll(messages);
        assert.equal(plus(head!, tail!), whole);
        assert.equal(minus(whole, head!), tail);
        assert.equal(minus(whole, whole), emptyDigest);
        assert.match(whole, /^[0-9a-f]{16}$/);
      }),
    );
  });

  it('differs when anything of a message differs, and when two have changed places', () => {
    assertProperty(
      property(message, message, (a, b) => {
        pre(a.seq !== b.seq && a.text !== b.text);
        const whole = digestOfAll([a, b]);
        assert.notEqual(
          digestOfAll([
            { ...a, text: b.text },
            { ...b, text: a.text },
          ]),
          whole,
        );
        assert.notEqual(
          digestOfAll([
            { ...a, seq: b.seq },
            { ...b, seq: a.seq },
          ]),
          whole,
        );
        assert.notEqual(digestOfAll([a]), whole);
        assert.notEqual(digestOfAll([a, a]), whole);
        assert.notEqual(digestOf({ ...a, text: `${a.text} ` }), digestOf(a));
        assert.notEqual(digestOf({ ...a, fromId: a.id, id: a.fromId }), a.id === a.fromId ? '' : digestOf(a));
      }),
    );
  });

  it('gives no two of many messages that differ little the same', () => {
    const seen = new Set<string>();
    for (let seq = 1; seq <= 1_000; seq += 1) {
      for (let n = 0; n < 100; n += 1) seen.add(digestOf({ seq, fromId: 'a', id: 'b', text: `${n}` }));
    }
    assert.equal(seen.size, 100_000);
  });
});
