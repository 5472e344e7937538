/**
 * Ten thousand texts: each is taken as it is, or refused with a code. What was taken reaches the other device unaltered,
 * through the store, the stream and the device's own parser, and nothing in it becomes an event of its own.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sample } from 'fast-check';
import { parseEvent } from '../../server/protocol/events.ts';
import type { Message, Result } from '../../server/protocol/requests.ts';
import { anyText, hostileTexts } from '../support/hostile-texts.ts';
import { ApiPerson } from '../support/person.ts';
import { readNatively } from '../support/read-natively.ts';
import { EventStreamParser, type ParsedEvent } from '../support/sim/event-stream-parser.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { readStrictly } from '../support/strict-stream-reader.ts';

const texts = 10_000;
const perRequest = 100;
/** What a failure prints leads back to the same texts. */
const seed = Number(process.env['TEXT_SEED'] ?? Date.now() % 2 ** 31);

let server: TestServer;
let ann: ApiPerson;
let bob: ApiPerson;

before(async () => {
  server = await startTestServer({ heartbeatMs: 1_000 });
  const url = `http://127.0.0.1:${server.port}`;
  ann = await ApiPerson.signIn(url, 'ann');
  bob = await ApiPerson.signIn(url, 'bob');
});
after(() => server.remove());

/** The contract's words, said anew: 1–4,000 code points, no halves, no controls but newline and tab, not only blanks. */
function mayBeSent(text: string): boolean {
  const points = [...text].map((point) => point.codePointAt(0)!);
  const isControl = (point: number) => point < 32 || (point >= 127 && point < 160);
  return (
    text.trim() !== '' &&
    points.length <= 4_000 &&
    points.every((point) => point < 0xd800 || point > 0xdfff) &&
    !points.some((point) => isControl(point) && point !== 10 && point !== 9)
  );
}

/** The bytes of the stream from a cursor until it is caught up. */
async function readStream(person: ApiPerson, cursor: string): Promise<Buffer> {
  const closing = new AbortController();
  const response = await person.request(`/api/events?after=${cursor}`, {
    headers: { Accept: 'text/event-stream' },
    signal: closing.signal,
  });
  const parts: Uint8Array[] = [];
  let end = '';
  for await (const part of response.body!) {
    parts.push(part);
    end = (end + Buffer.from(part).toString('latin1')).slice(-200);
    if (/^event: heartbeat$/m.test(end) && end.endsWith('\n\n')) break;
  }
  closing.abort();
  return Buffer.concat(parts);
}

describe(`of ten thousand texts (TEXT_SEED=${seed})`, () => {
  const sent = sample(anyText, { numRuns: texts, seed }).concat(hostileTexts);
  const taken: string[] = [];
  let stream: Buffer;

  before(async () => {
    const start = (await bob.sync()).cursor;
    for (let from = 0; from < sent.length; from += perRequest) {
      const drafts = sent.slice(from, from + perRequest).map((text) => ann.draft(bob, text));
      const results: Result[] = await ann.send(...drafts);
      for (const [index, { text, id }] of drafts.entries()) {
        const result = results[index]!;
        assert.equal(result.id, id);
        const expected = mayBeSent(text) ? 'accepted' : 'rejected';
        assert.equal(result.status, expected, JSON.stringify(text));
        if (result.status === 'accepted') taken.push(text);
        else assert.match(result.error!.code, /^text_(empty|too_long|invalid)$/);
        assert.equal(result.message?.text ?? text, text);
      }
    }
    stream = await readStream(bob, start);
  });

  it('each that was taken comes out of the stream as it went in, in order, as one event', (t) => {
    t.diagnostic(`${taken.length} of ${sent.length} were taken`);
    const events: ParsedEvent[] = [];
    new EventStreamParser((event) => events.push(event)).push(stream);
    const received = events.map(({ kind, data }) => parseEvent(kind, JSON.parse(data)));
    assert.ok(
      received.every((event) => event !== undefined),
      'the device knows each event',
    );
    const [first, ...rest] = received;
    const messages = rest.filter((event) => event.kind === 'inbox').map(({ data }) => data.text);
    // That bob is there now may be said in between.
    const isBob = (event: (typeof rest)[number]) => event.kind === 'person' && event.data.id === bob.me.id;
    const others = rest.filter((event) => event.kind !== 'inbox' && !isBob(event)).map(({ kind }) => kind);
    assert.equal(first?.kind, 'ack');
    assert.deepEqual(messages, taken);
    assert.deepEqual([...new Set(others)], ['heartbeat'], 'nothing else was said');
  });

  it('an EventSource that nobody here wrote reads the same, and the framing is of the safe form', async () => {
    const inbox = (events: ParsedEvent[]) => events.filter(({ kind }) => kind === 'inbox');
    const [native] = await readNatively([stream], ['ack', 'inbox', 'receipt', 'reset', 'message']);
    assert.deepEqual(
      inbox(native!).map(({ data }) => (JSON.parse(data) as Message).text),
      taken,
    );
    assert.equal(native!.length, taken.length + 1, 'these and an ack');
    assert.equal(readStrictly(stream).filter(({ event }) => event === 'inbox').length, taken.length);
  });

  it('the history has them unaltered, too', async () => {
    const newest = await bob.history('ann');
    assert.deepEqual(
      newest.map(({ text }) => text),
      taken.slice(-newest.length),
    );
  });
});
