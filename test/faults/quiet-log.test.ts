/** What the log says while everything is done that can be done: lines of JSON, and in none of them what is nobody's business. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { call } from '../support/caller.ts';
import { ApiPerson } from '../support/person.ts';
import { RawClient } from '../support/raw-client.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer } from '../support/start-test-server.ts';

describe('the log', () => {
  it('is JSON, line by line, and holds no token, no text, no nick and no address of a page', async () => {
    let said = '';
    const log = new Writable({
      write(bytes: Buffer, _encoding, done) {
        said += bytes.toString();
        done();
      },
    });
    const server = await startTestServer({ log });
    const url = `http://127.0.0.1:${server.port}`;
    const ann = await ApiPerson.signIn(url, 'nosy-nick');
    const bob = await ApiPerson.signIn(url, 'other-nick');
    const secret = `secret-${randomUUID()}`;
    const forged = `${secret}\n{"level":30,"msg":"forged"}\r\n`;
    const tokens = [ann, bob].map(({ cookie }) => cookie.split('=')[1]!);

    await ann.send(
      ann.draft(bob, forged.replaceAll('\r', '')),
      ann.draft(forged, 'x'),
      ann.draft(bob, forged),
    );
    await ann.request('/api/messages', { method: 'POST', body: forged });
    await ann.request('/api/messages', { json: forged });
    await ann.request('/api/typing', { json: { to: forged } });
    const headers = { Cookie: `ot=${secret}`, 'User-Agent': secret, Referer: `https://x/${secret}` };
    for (const path of [
      '/api/sync',
      `/${secret}`,
      `/api/${secret}`,
      `/%0a%7b${secret}`,
      `/api/people?search=${secret}`,
    ]) {
      await call(server.port, { method: 'GET', path, headers });
      await ann.request(path);
    }
    const report = (blockedURL: string, effectiveDirective = 'script-src-elem') => ({
      type: 'csp-violation',
      url: `${url}/c/${secret}`,
      body: { documentURL: `${url}/c/${secret}`, blockedURL, effectiveDirective, sample: secret },
    });
    const reports = [
      report('inline'),
      report(`https://elsewhere.example/${secret}`),
      report(`data:${secret}`),
      report(forged, forged),
      null,
      report('inline'),
    ];
    await ann.request('/api/policy-reports', { json: reports });
    await ann.request('/api/policy-reports', { method: 'POST', body: forged });
    const broken = new RawClient(server.port);
    broken.socket.write(`GET / HTTP/1.1\r\n${forged}: x\r\n\r\n`);
    await broken.closes();
    const stream = await SseReader.open(bob);
    await stream.nextOf('heartbeat');
    await bob.request('/api/session', { method: 'DELETE' });
    while (await stream.next());
    await server.remove();

    const lines = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string });
    assert.deepEqual(
      new Set(lines.map(({ msg }) => msg)),
      new Set(['signed in', 'signed out', 'the page’s policy was violated', 'requests were refused']),
    );
    const refused = lines.filter(({ msg }) => msg === 'requests were refused');
    assert.equal(refused.length, 1);
    const { refused: counts } = refused[0] as unknown as { refused: Record<string, number> };
    assert.deepEqual(Object.keys(counts).toSorted(), ['bad_json', 'signed_out', 'wrong_type']);
    const violations = lines.filter(({ msg }) => msg.startsWith('the page')) as unknown as {
      blocked: string;
    }[];
    assert.deepEqual(
      violations.map(({ blocked }) => blocked),
      ['inline', 'https://elsewhere.example', 'data:'],
    );
    for (const word of [secret, 'forged', 'nosy-nick', 'other-nick', ...tokens]) {
      assert.ok(!said.includes(word), `the log says ${word}`);
    }
  });
});
