/** SECURITY.md is held to what is there: every test that it names exists, and no requirement is left out or answered twice. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const folder = path.join(import.meta.dirname, '../../.github');
const page = readFileSync(path.join(folder, 'SECURITY.md'), 'utf8');

/** All of levels 1 and 2 of OWASP ASVS 5.0.0. */
const requirements = `
  1.1.1–1.1.2 1.2.1–1.2.9 1.3.1–1.3.11 1.4.1–1.4.3 1.5.1–1.5.2
  2.1.1–2.1.3 2.2.1–2.2.3 2.3.1–2.3.4 2.4.1
  3.2.1–3.2.2 3.3.1–3.3.4 3.4.1–3.4.6 3.5.1–3.5.5 3.7.1–3.7.2
  4.1.1–4.1.3 4.2.1 4.3.1–4.3.2 4.4.1–4.4.4
  5.1.1 5.2.1–5.2.3 5.3.1–5.3.2 5.4.1–5.4.3
  6.1.1–6.1.3 6.2.1–6.2.12 6.3.1–6.3.4 6.4.1–6.4.4 6.5.1–6.5.5 6.6.1–6.6.3 6.8.1–6.8.4
  7.1.1–7.1.3 7.2.1–7.2.4 7.3.1–7.3.2 7.4.1–7.4.5 7.5.1–7.5.2 7.6.1–7.6.2
  8.1.1–8.1.2 8.2.1–8.2.3 8.3.1 8.4.1
  9.1.1–9.1.3 9.2.1–9.2.4
  10.1.1–10.1.2 10.2.1–10.2.2 10.3.1–10.3.4 10.4.1–10.4.11 10.5.1–10.5.5 10.6.1–10.6.2 10.7.1–10.7.3
  11.1.1–11.1.2 11.2.1–11.2.3 11.3.1–11.3.3 11.4.1–11.4.4 11.5.1 11.6.1
  12.1.1–12.1.3 12.2.1–12.2.2 12.3.1–12.3.4
  13.1.1 13.2.1–13.2.5 13.3.1–13.3.2 13.4.1–13.4.5
  14.1.1–14.1.2 14.2.1–14.2.4 14.3.1–14.3.3
  15.1.1–15.1.3 15.2.1–15.2.3 15.3.1–15.3.7
  16.1.1 16.2.1–16.2.5 16.3.1–16.3.4 16.4.1–16.4.3 16.5.1–16.5.3
  17.1.1 17.2.1–17.2.4 17.3.1–17.3.2`;

/** `1.2.6–1.2.8 1.3.1` one by one. */
function each(ids: string): string[] {
  return [...ids.matchAll(/(\d+\.\d+)\.(\d+)(?:–\1\.(\d+))?/g)].flatMap(([, section, first, last]) => {
    const from = Number(first);
    return Array.from({ length: Number(last ?? first) - from + 1 }, (_, n) => `${section}.${from + n}`);
  });
}

/** The names of the tests in a file, as they are written there. */
function testsIn(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/\b(?:it|test)\(\s*(['"`])((?:(?!\1).)+)\1/g)].map(([, , name]) => name!);
}

const rows = [...page.matchAll(/^\| (\d[^|]*) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, ids, answer]) => ({
  ids: ids!,
  answer: answer!,
}));

describe('the security page', () => {
  it('names tests that exist', () => {
    const links = [...page.matchAll(/\]\((\.\.\/[^\s)]+)(?: "([^"]+)")?\)/g)];
    assert.ok(links.length > 100);
    for (const [, address, name] of links) {
      const file = path.join(folder, address!);
      assert.ok(existsSync(file), `there is no ${address}`);
      if (name !== undefined) assert.ok(testsIn(file).includes(name), `${address} has no test '${name}'`);
    }
  });

  it('answers every requirement of levels 1 and 2 once', () => {
    const answered = rows.flatMap(({ ids }) => each(ids));
    assert.deepEqual(answered.toSorted(), each(requirements).toSorted());
    assert.equal(answered.length, 253);
  });

  it('says of each whether it is met, why where it is not, and how many they are', () => {
    const counts = { '**Yes.**': 0, '*In part.*': 0, '*Not met': 0, '*Operator.*': 0, '—': 0 };
    for (const { ids, answer } of rows) {
      const standing = (Object.keys(counts) as (keyof typeof counts)[]).find((word) =>
        answer.startsWith(word),
      );
      assert.ok(standing !== undefined && answer.length > standing.length + 3, ids);
      counts[standing] += each(ids).length;
    }
    const [, ...said] = /^Of 253 requirements (\d+) [^.]*?(\d+) [^.]*?(\d+) [^.]*?(\d+) [^.]*?(\d+) /m.exec(
      page,
    )!;
    assert.deepEqual(said.map(Number), Object.values(counts));
  });
});
