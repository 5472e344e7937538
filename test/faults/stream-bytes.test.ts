/**
 * The event stream byte by byte: a session of the real server is recorded, is of a form that cannot be misunderstood, and
 * is then cut off after each of its bytes. Whatever reads it, never sees half an event, takes over no id of one, and
 * sees nothing twice when it comes back.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readNatively } from '../support/read-natively.ts';
import { ApiPerson } from '../support/person.ts';
import { EventStreamParser, type ParsedEvent } from '../support/sim/event-stream-parser.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { readStrictly } from '../support/strict-stream-reader.ts';

const kinds = ['ack', 'inbox', 'receipt', 'person', 'typing', 'heartbeat', 'reset', 'message'];
/** What a reader could take for something else, if the framing let it. */
const trickyTexts = [
  'plain',
  'two\nlines\n\nand a blank one',
  'data: not a field\nid: nor this\nevent: reset\n\n',
  'line separators\u2028and\u2029',
  'grüße 👩‍👩‍👧 ‮right to left',
  ': no comment\tand a tab',
];

let server: TestServer;
let session: Buffer;
let whole: ParsedEvent[];

before(async () => {
  server = await startTestServer({ heartbeatMs: 1_000 });
  const url = `http://127.0.0.1:${server.port}`;
  const ann = await ApiPerson.signIn(url, 'ann');
  const bob = await ApiPerson.signIn(url, 'bob');
  const start = (await bob.sync()).cursor;
  await ann.send(...trickyTexts.map((text) => ann.draft(bob, text)));
  const { cursor } = await bob.events(start);
  await bob.request('/api/receipts', {
    json: { delivered: cursor, read: [{ with: 'ann', upTo: trickyTexts.length }] },
  });
  session = await record(bob, `?after=${start}`, async () => {
    await ann.request('/api/typing', { json: { to: 'bob' } });
    await ann.send(ann.draft(bob, 'live'));
  });
  whole = parse([session]);
});
after(() => server.remove());

/** The bytes of a stream, from `ack` to the last of a few heartbeats. */
async function record(person: ApiPerson, query: string, act: () => Promise<void>): Promise<Buffer> {
  const closing = new AbortController();
  const response = await person.request(`/api/events${query}`, {
    headers: { Accept: 'text/event-stream' },
    signal: closing.signal,
  });
  const parts: Uint8Array[] = [];
  let hasActed = false;
  for await (const part of response.body!) {
    parts.push(part);
    const beats = Buffer.concat(parts).toString().split('event: heartbeat').length - 1;
    if (beats > 0 && !hasActed) {
      hasActed = true;
      await act();
    }
    if (beats >= 3) break;
  }
  closing.abort();
  return Buffer.concat(parts);
}

function parse(chunks: readonly Uint8Array[], lastEventId = ''): ParsedEvent[] {
  const events: ParsedEvent[] = [];
  const parser = new EventStreamParser((event) => events.push(event), lastEventId);
  for (const chunk of chunks) parser.push(chunk);
  return events;
}

/** How many events are complete in the first `cut` bytes. */
function completeIn(cut: number): number {
  const frames = session.toString('latin1', 0, cut).split('\n\n').slice(0, -1);
  return frames.filter((frame) => frame.includes('event: ')).length;
}

describe('a recorded session', () => {
  it('has every kind of event that the test knows how to cause, and tells what was written', () => {
    assert.deepEqual(
      new Set(whole.map(({ kind }) => kind)),
      new Set(['ack', 'inbox', 'receipt', 'person', 'typing', 'heartbeat']),
    );
    const texts = whole
      .filter(({ kind }) => kind === 'inbox')
      .map(({ data }) => (JSON.parse(data) as { text: string }).text);
    assert.deepEqual(texts, [...trickyTexts, 'live']);
  });

  it('is of the form that everybody reads in the same way', () => {
    const frames = readStrictly(session).filter(({ event }) => event !== undefined);
    assert.deepEqual(
      frames.map(({ event, json }) => [event, json]),
      whole.map(({ kind, data }) => [kind, JSON.parse(data)]),
    );
    assert.equal(readStrictly(session)[0]?.retryMs, 500);
  });

  it('cut off after any of its bytes gives the whole events before the cut, and the id of the last of those', () => {
    for (let cut = 0; cut <= session.length; cut += 1) {
      const expected = whole.slice(0, completeIn(cut));
      assert.deepEqual(parse([session.subarray(0, cut)]), expected, `cut after ${cut}`);
      // The same in two pieces, wherever they meet.
      assert.deepEqual(parse([session.subarray(0, cut), session.subarray(cut)]), whole, `split at ${cut}`);
    }
  });

  it('reads the same to an EventSource that nobody here wrote, cut off after any byte', async () => {
    const cuts = Array.from({ length: session.length }, (_, index) => session.subarray(0, index + 1));
    const readings = await readNatively(cuts, kinds);
    readings.forEach((events, index) => {
      assert.deepEqual(events, whole.slice(0, completeIn(index + 1)), `cut after ${index + 1}`);
    });
    assert.equal(readings.length, session.length);
  });
});
