/**
 * The corners of the event stream format, as the tests of the web platform have them. The EventSource that simulated
 * browsers use reads each like a real one; the strict reader takes none, so a server that passes it never says them.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { assert as assertProperty, constantFrom, oneof, property, string } from 'fast-check';
import { frame } from '../../server/protocol/frame.ts';
import { readNatively } from '../support/read-natively.ts';
import { EventStreamParser, type ParsedEvent } from '../support/sim/event-stream-parser.ts';
import { readStrictly } from '../support/strict-stream-reader.ts';

const kinds = ['message', 'test'];
const message = (data: string, lastEventId = ''): ParsedEvent => ({ kind: 'message', data, lastEventId });

const cases: Record<string, { text: string; events: ParsedEvent[] }> = {
  'a byte order mark at the beginning': { text: '\uFEFFdata:1\n\n', events: [message('1')] },
  'a second byte order mark, which is part of a name': {
    text: '\uFEFF\uFEFFdata:1\n\ndata:2\n\n',
    events: [message('2')],
  },
  'lines that end in \\r\\n': { text: 'data:a\r\ndata:b\r\n\r\n', events: [message('a\nb')] },
  'lines that end in \\r': { text: 'data:a\rdata:b\r\r', events: [message('a\nb')] },
  'lines that end in all ways': { text: 'data:a\r\ndata\ndata:b\r\n\r\n', events: [message('a\n\nb')] },
  comments: { text: 'data:1\n:\0\n:\r\ndata:2\n:x\ndata:3\n\n', events: [message('1\n2\n3')] },
  'a comment alone': { text: ':keep alive\n\n', events: [] },
  'data without a colon': {
    text: 'data\n\ndata\ndata\n\ndata:x\n\n',
    events: [message(''), message('\n'), message('x')],
  },
  'one space after the colon, which is left out': {
    text: 'data:\tx\ndata: \ndata:  y\n\n',
    events: [message('\tx\n\n y')],
  },
  'fields that nobody knows': {
    text: 'data:x\n data\ndata\nfoobar:xxx\njustsometext\n:x\n\n',
    events: [message('x\n')],
  },
  'names in other letters': { text: 'Data:1\nDATA:2\ndata:3\n\n', events: [message('3')] },
  'a kind of its own, for one event': {
    text: 'event:test\ndata:x\n\ndata:y\n\n',
    events: [{ kind: 'test', data: 'x', lastEventId: '' }, message('y')],
  },
  'an empty kind': { text: 'event: \ndata:x\n\n', events: [message('x')] },
  'a kind without data': { text: 'event:test\n\ndata:x\n\n', events: [message('x')] },
  'an id that stays': { text: 'id:1\ndata:a\n\ndata:b\n\n', events: [message('a', '1'), message('b', '1')] },
  'an empty id, which is none from then on': {
    text: 'id:1\ndata:a\n\nid\ndata:b\n\n',
    events: [message('a', '1'), message('b')],
  },
  'an id with a NUL, which is not taken': {
    text: 'id:1\ndata:a\n\nid:2\0\ndata:b\n\n',
    events: [message('a', '1'), message('b', '1')],
  },
  'an id without data, which counts': { text: 'id:7\n\ndata:a\n\n', events: [message('a', '7')] },
  'the id of an event that is not whole': {
    text: 'id:1\ndata:a\n\nid:2\ndata:b\n',
    events: [message('a', '1')],
  },
  'data with a NUL': { text: 'data:\0\n\n\n\n', events: [message('\0')] },
  'a retry that is no number': { text: 'retry:3000x\ndata:x\n\n', events: [message('x')] },
  'an empty retry': { text: 'retry\ndata:x\n\n', events: [message('x')] },
};

const encoder = new TextEncoder();
const streams = Object.values(cases).map(({ text }) => encoder.encode(text));
let native: ParsedEvent[][];
before(async () => {
  native = await readNatively(streams, kinds);
});

describe('of the event stream format', () => {
  Object.entries(cases).forEach(([name, { events }], index) => {
    it(`${name} is read as the standard says, and the server never says it`, () => {
      const read: ParsedEvent[] = [];
      const parser = new EventStreamParser((event) => read.push(event));
      for (const byte of streams[index]!) parser.push(Uint8Array.of(byte));
      assert.deepEqual(read, events);
      assert.throws(() => readStrictly(streams[index]!));
      assert.deepEqual(native[index], events);
    });
  });

  it('any text is one event, and comes out as it went in', () => {
    const texts = string({
      unit: oneof(constantFrom('\n', '\r', '\u2028', ':', '\0', 'data: '), string({ maxLength: 3 })),
    });
    assertProperty(
      property(texts, (text) => {
        const bytes = encoder.encode(frame('inbox', JSON.stringify({ text }), 'e.1.000000000000'));
        const read: ParsedEvent[] = [];
        new EventStreamParser((event) => read.push(event)).push(bytes);
        const json = JSON.stringify({ text });
        assert.deepEqual(read, [{ kind: 'inbox', data: json, lastEventId: 'e.1.000000000000' }]);
        assert.deepEqual(readStrictly(bytes), [{ id: 'e.1.000000000000', event: 'inbox', json: { text } }]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a retry is taken in whole milliseconds', () => {
    const parser = new EventStreamParser(() => undefined);
    parser.push(encoder.encode('retry:1500\nretry:abc\nretry\n\n'));
    assert.equal(parser.retryMs, 1_500);
  });
});
