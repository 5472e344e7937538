/** JSON that is no good: deep, huge, double, in another encoding. Each is refused, at once, with a code. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { hasRepeatedName } from '../../server/http/repeated-name.ts';
import { readNick } from '../../server/protocol/nick.ts';
import { drawnSkeleton, nickSkeleton } from '../../server/protocol/nick-skeleton.ts';
import { textProblem } from '../../server/protocol/text.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let ann: ApiPerson;
before(async () => {
  server = await startTestServer();
  ann = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'ann');
});
after(() => server.remove());

async function post(body: string | Uint8Array, type = 'application/json'): Promise<string> {
  const headers = { 'Content-Type': type };
  const response = await ann.request('/api/messages', { method: 'POST', headers, body: body as BodyInit });
  const { code, results } = (await response.json()) as { code?: string; results?: { status: string }[] };
  return `${response.status} ${code ?? results!.map(({ status }) => status).join()}`;
}

/** A body with one good draft, in which `"here"` stands for something else. */
function bodyWith(here: string): string {
  const draft = { id: randomUUID(), to: 'ann', text: 'x', composedAt: '2026-01-01T00:00:00Z', here: 'here' };
  return JSON.stringify({ messages: [draft], here: 'here' }).replaceAll('"here":"here"', here);
}

describe('JSON', () => {
  it('of any depth is read or refused, and nothing falls over', async () => {
    const depth = 60_000;
    const deepList = '['.repeat(depth) + ']'.repeat(depth);
    const deepObject = '{"a":'.repeat(depth / 2) + '1' + '}'.repeat(depth / 2);
    assert.equal(await post(deepList), '400 bad_json');
    assert.equal(await post(deepObject), '400 bad_json');
    assert.equal(await post('['.repeat(100_000)), '400 bad_json', 'never closed');
    assert.equal(await post(bodyWith(`"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}`)), '200 accepted');
  });

  it('with numbers that are none is refused where they count', async () => {
    const upTos = [
      '1e999',
      '-1',
      '1.5',
      '9007199254740993',
      '1'.repeat(400),
      '"1"',
      'null',
      'NaN',
      '0x1',
      '01',
    ];
    for (const upTo of upTos) {
      const response = await ann.request('/api/receipts', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: `{"read":[{"with":"ann","upTo":${upTo}}]}`,
      });
      assert.equal(response.status, 400, upTo);
    }
  });

  it('with a name that is there twice is refused, however it is written and however deep', async () => {
    const twice = [
      '"text":"the last"',
      '"a":1,"a":1',
      '"a":1 \n,"\\u0061"\t : 2',
      '"a":{"b":[[{"c":{},"d":"}","c":[]}]]}',
      '"":1,"":2',
      '"__proto__":1,"__proto__":2',
    ];
    for (const names of twice) assert.equal(await post(bodyWith(names)), '400 bad_json', names);
    const once = [
      '"a":{"a":{"a":"a"}}',
      '"a":[{"a":1},{"a":1},"a","a"]',
      '"a":"\\"a\\":1,","b":"\\\\"',
      '"a":1,"A":1,"\\u0000a":1',
    ];
    for (const names of once) assert.equal(await post(bodyWith(names)), '200 accepted', names);
  });

  it('is nothing that JSON is not', async () => {
    const bodies = [
      '{a:1}',
      "{'a':1}",
      '{"a":1,}',
      '// x\n{}',
      '{}{}',
      'undefined',
      '\u2028{}',
      '"\n"',
      '{"a":"\t"}',
    ];
    for (const body of bodies) assert.equal(await post(body), '400 bad_json', body);
  });

  it('is UTF-8 that is valid, whatever it says of itself', async () => {
    const asUtf8 = (hex: string) => {
      const [head, tail] = bodyWith('"text":"|"').split('|');
      return Buffer.concat([Buffer.from(head!), Buffer.from(hex, 'hex'), Buffer.from(tail!)]);
    };
    const wrong = {
      'a byte that is none': 'ff',
      'half a character': 'c3',
      'a longer form than needed': 'c0af',
      'a half of a character by itself': 'eda080',
      'two halves, each by itself': 'eda0bdedb880',
      'more than there are characters': 'f4908080',
    };
    for (const [name, hex] of Object.entries(wrong))
      assert.equal(await post(asUtf8(hex)), '400 bad_json', name);
    const utf16 = Buffer.from(`\ufeff${bodyWith('"x":1')}`, 'utf16le');
    assert.equal(await post(utf16), '400 bad_json');
    const types = ['utf-16', 'utf-16le', 'iso-8859-1', 'utf-7', '"'].map(
      (name) => `application/json;charset=${name}`,
    );
    for (const type of types) assert.equal(await post(utf16, type), '415 wrong_type', type);
    for (const type of [
      'text/json',
      'application/jsonp',
      'application/json, text/plain',
      'multipart/form-data',
      '',
    ]) {
      assert.equal(await post(bodyWith('"x":1'), type), '415 wrong_type', type);
    }
  });
});

/** What this thread has worked since `began`, in ms: who else is on the machine does not count. */
function workedMs(began: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}

describe('the work that a request makes', () => {
  /** Each made to be slow: as long as it may be, 16 KiB, and as long as a body can be. */
  const hard = [250, 4_000, 16 * 1024, 250 * 1024].flatMap((length) =>
    ['\ufdfa', 'a\u0301', '\u0301', '-', ' ', 'a', 'ß', 'rn', '\u1112\u1161', '.a', '\u{1f600}'].map((unit) =>
      unit.repeat(length / unit.length).concat('\0'),
    ),
  );

  it('is little for every nick and text, however it is made: 5 ms at most', () => {
    const works = { readNick, nickSkeleton, drawnSkeleton, textProblem };
    for (const [name, work] of Object.entries(works)) {
      for (const text of hard) {
        const times = Array.from({ length: 5 }, () => {
          const began = process.threadCpuUsage();
          work(text);
          return workedMs(began);
        });
        const best = Math.min(...times);
        assert.ok(best <= 5, `${name} of ${text.length} x ${JSON.stringify(text[0])} takes ${best} ms`);
      }
    }
  });

  it('is little for names that are looked for twice: 50 ms of a processor for a body as long as any', () => {
    const length = 256 * 1024;
    const bodies = {
      lists: '['.repeat(length / 2) + ']'.repeat(length / 2),
      objects: '{"a":'.repeat(length / 6) + '1' + '}'.repeat(length / 6),
      'many names': `{${Array.from({ length: length / 10 }, (_, n) => `"${n}":1`).join()}}`,
      'many texts': JSON.stringify(Array.from({ length: length / 3 }, () => '')),
      backslashes: JSON.stringify('\\'.repeat(length / 2)),
      quotes: JSON.stringify('"'.repeat(length / 2)),
      space: `{"a"${' '.repeat(length)}:1}`,
    };
    for (const [name, json] of Object.entries(bodies)) {
      const times = Array.from({ length: 5 }, () => {
        const began = process.threadCpuUsage();
        assert.equal(hasRepeatedName(json), false, name);
        return workedMs(began);
      });
      assert.ok(Math.min(...times) <= 50, `${name}: ${Math.min(...times)} ms`);
    }
  });

  it('is little for every body that is refused: 16 KiB take no 5 ms more than those that are sent', async () => {
    const bestOf = async (body: string) => {
      const times: number[] = [];
      for (let n = 0; n < 15; n += 1) {
        const began = process.threadCpuUsage();
        await post(body);
        times.push(workedMs(began));
      }
      return Math.min(...times);
    };
    const length = 16 * 1024;
    const draft = (changes: object) => JSON.stringify({ messages: [{ ...ann.draft(ann, 'x'), ...changes }] });
    const honest = Array.from({ length: 4 }, () => ann.draft(ann, 'x'.repeat(4_000)));
    const honestMs = await bestOf(JSON.stringify({ messages: honest }));
    const refused = {
      deep: '['.repeat(length),
      'a long name': `{"${'\\u0061'.repeat(length / 6)}":1}`,
      'many names': `{${Array.from({ length: length / 10 }, (_, n) => `"n${n}":1`).join()}}`,
      'a long number': `{"messages":${'9'.repeat(length)}}`,
      escapes: `{"messages":"${String.raw`\u0000`.repeat(length / 6)}"}`,
      'a long recipient': draft({ to: '\ufdfa'.repeat(length / 3) }),
      'a long id': draft({ id: 'a'.repeat(length) }),
      'a long time': draft({ composedAt: '2026-01-01T00:00:00.'.padEnd(length, '9') }),
    };
    for (const [name, body] of Object.entries(refused)) {
      const ms = await bestOf(body);
      assert.ok(ms <= honestMs + 5, `${name}: ${ms} ms, an honest batch ${honestMs} ms`);
    }
  });
});
