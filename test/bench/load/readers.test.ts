/** What comes over a socket comes in any pieces: cut anywhere, the readers find the same events in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as check, nat, property } from 'fast-check';
import { eventReader } from './http-wire.ts';
import { packetReader } from './mqtt-wire.ts';
import { webSocketReader } from './web-socket.ts';
import { messageIdIn } from './wire.ts';

const cuts = array(nat(400));

function inPieces(bytes: Buffer, at: readonly number[], read: (piece: Buffer) => void): void {
  const places = [0, ...at.filter((place) => place < bytes.length).toSorted((a, b) => a - b), bytes.length];
  for (const [index, place] of places.slice(1).entries()) read(bytes.subarray(places[index], place));
}

describe('a reader of the load', () => {
  for (const isChunked of [true, false]) {
    it(`finds events in a stream ${isChunked ? 'with' : 'without'} chunks`, () => {
      const events = [
        'retry: 500\nevent: ack\ndata: {}',
        `id: 1\nevent: inbox\ndata: ${'x'.repeat(80)}`,
        'data: 3',
      ];
      const written = events.map((event) => `${event}\n\n`);
      const chunks = written.map((text) => (isChunked ? `${text.length.toString(16)}\r\n${text}\r\n` : text));
      const coding = isChunked ? 'Transfer-Encoding: chunked\r\n' : '';
      const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${coding}\r\n${chunks.join('')}`);
      check(
        property(cuts, (at) => {
          const found: string[] = [];
          inPieces(
            bytes,
            at,
            eventReader((event) => found.push(event)),
          );
          assert.deepEqual(found, events);
        }),
      );
    });
  }

  it('finds the texts of a WebSocket, short and long', () => {
    const texts = ['2', 'y'.repeat(125), 'z'.repeat(300)];
    const frames = texts.map((text) => {
      const size = text.length < 126 ? [text.length] : [126, text.length >> 8, text.length & 255];
      return Buffer.concat([Buffer.from([0x81, ...size]), Buffer.from(text)]);
    });
    const bytes = Buffer.concat([Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n'), ...frames]);
    check(
      property(cuts, (at) => {
        const found: string[] = [];
        inPieces(
          bytes,
          at,
          webSocketReader((text) => found.push(text)),
        );
        assert.deepEqual(found, texts);
      }),
    );
  });

  it('finds the packets of MQTT, also those whose length takes two bytes', () => {
    const bodies = [Buffer.from('a'), Buffer.alloc(0), Buffer.from('b'.repeat(200))];
    const packets = bodies.map((body) => {
      const size = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
      return Buffer.concat([Buffer.from([0x32, ...size]), body]);
    });
    check(
      property(cuts, (at) => {
        const found: Buffer[] = [];
        inPieces(
          Buffer.concat(packets),
          at,
          packetReader((_type, body) => found.push(Buffer.from(body))),
        );
        assert.deepEqual(found, bodies);
      }),
    );
  });

  it('knows a message from what else has an id', () => {
    const id = '00000001-0000-4000-8000-000000000002';
    assert.equal(messageIdIn(`data: {"id":"${id}","fromId":"other","text":"x"}`), id);
    assert.equal(messageIdIn(`data: {"id":"${id}","nick":"ana"}`), undefined);
  });
});
