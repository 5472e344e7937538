/**
 * Messages are taken in before Express (request-listener.ts). Spelled otherwise, with a slash at its end, the same path
 * goes by Express: whatever is asked, both must answer the same, to the letter of each header.
 */
import assert from 'node:assert/strict';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { maxBodyBytes } from '../../server/protocol/requests.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const json = { 'Content-Type': 'application/json' };

interface Asked {
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Sent in chunks, without saying how long it is. */
  isChunked?: boolean;
  isStranger?: boolean;
}

describe('messages by either way', () => {
  let server: TestServer;
  let ann: ApiPerson;
  before(async () => {
    server = await startTestServer({ publicUrl: 'http://chat.example', rateLimits: true });
    ann = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'ann');
  });
  after(() => server.remove());

  const draft = () => ann.draft('ann', 'a note', { id: '0e2d1c1a-3f44-4d8b-9f62-a1f2a2a6b7c8' });
  const cases: Record<string, () => Asked> = {
    'a message': () => ({ headers: json, body: JSON.stringify({ messages: [draft()] }) }),
    'a message in chunks': () => ({
      headers: json,
      body: JSON.stringify({ messages: [draft()] }),
      isChunked: true,
    }),
    'one to nobody': () => ({
      headers: json,
      body: JSON.stringify({
        messages: [ann.draft('nobody', 'x')].map((one) => ({ ...one, id: draft().id })),
      }),
    }),
    'one of another person': () => ({
      headers: json,
      body: JSON.stringify({ messages: [draft()], as: 'x' }),
    }),
    'what is no list': () => ({ headers: json, body: '{"messages": 1}' }),
    'an empty list': () => ({ headers: json, body: '{"messages": []}' }),
    'half of a JSON': () => ({ headers: json, body: '{"messages"' }),
    nothing: () => ({ headers: json, body: '' }),
    'bytes that are no UTF-8': () => ({ headers: json, body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }),
    'a form': () => ({ headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'a=b' }),
    'no type': () => ({ body: '{}' }),
    'another character set': () => ({
      headers: { 'Content-Type': 'application/json; charset=utf-16' },
      body: '{}',
    }),
    'a compressed body': () => ({ headers: { ...json, 'Content-Encoding': 'gzip' }, body: '{}' }),
    'one byte too many': () => ({ headers: json, body: ' '.repeat(maxBodyBytes + 1) }),
    'one byte too many, in chunks': () => ({
      headers: json,
      body: ' '.repeat(maxBodyBytes + 1),
      isChunked: true,
    }),
    'a request of a stranger': () => ({ headers: json, body: '{}', isStranger: true }),
    'one from another site': () => ({ headers: { ...json, 'Sec-Fetch-Site': 'cross-site' }, body: '{}' }),
    'one from another origin': () => ({ headers: { ...json, Origin: 'http://evil.example' }, body: '{}' }),
    'one from our own pages': () => ({
      headers: { ...json, Origin: 'http://chat.example', 'Sec-Fetch-Site': 'same-origin' },
      body: JSON.stringify({ messages: [draft()] }),
    }),
  };

  for (const [what, asked] of Object.entries(cases)) {
    it(`answer the same to ${what}`, async () => {
      await ask('/api/messages', cases['a message']!()); // so that it is a duplicate for both
      const [direct, byExpress] = [await ask('/api/messages', asked()), await ask('/api/messages/', asked())];
      assert.deepEqual(direct, byExpress);
      assert.equal(direct.headers['x-content-type-options'], 'nosniff');
    });
  }

  it('answer the same to who is too fast', async () => {
    const bob = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'bob');
    const body = JSON.stringify({
      messages: Array.from({ length: 100 }, () => ({ ...draft(), to: 'bob', text: '' })),
    });
    for (let n = 0; n < 3; n += 1) await ask('/api/messages', { headers: json, body }, bob);
    const asked = { headers: json, body };
    const [direct, byExpress] = [
      await ask('/api/messages', asked, bob),
      await ask('/api/messages/', asked, bob),
    ];
    assert.equal(direct.status, 429);
    assert.ok(Number(direct.headers['retry-after']) > 0);
    assert.deepEqual(direct.body, byExpress.body);
    assert.deepEqual(Object.keys(direct.headers), Object.keys(byExpress.headers));
  });

  function ask(path: string, { headers, body = '', isChunked, isStranger }: Asked, by = ann) {
    return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
      (resolve, reject) => {
        const length = isChunked
          ? { 'Transfer-Encoding': 'chunked' }
          : { 'Content-Length': Buffer.byteLength(body) };
        const cookie = isStranger ? {} : { Cookie: by.cookie };
        const sent = httpRequest(
          {
            port: server.port,
            host: '127.0.0.1',
            path,
            method: 'POST',
            headers: { ...headers, ...length, ...cookie },
          },
          (response) => {
            const { date: _, ...kept } = response.headers;
            response.setEncoding('utf8');
            let text = '';
            response.on('data', (part: string) => (text += part));
            response.on('end', () => {
              resolve({ status: response.statusCode!, headers: kept, body: text });
              sent.destroy();
            });
          },
        );
        sent.on('error', reject);
        sent.end(body);
      },
    );
  }
});
