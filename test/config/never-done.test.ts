/**
 * What the code does nowhere, so that nobody can misuse it: run a text as a program, make a pattern of one, ask somebody
 * else, start other programs, send people elsewhere. The Content Security Policy stops some of it in the page; this sees
 * it before, and on the server too.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');

/** File → its code, without comments. */
function sources(...folders: string[]): [file: string, code: string][] {
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  );
  assert.ok(files.length > 0);
  return files.map((file) => {
    const source = readFileSync(path.join(root, file), 'utf8');
    return [file, source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '')];
  });
}

/** The files in which there is any of it. */
function filesWith(pattern: RegExp, ...folders: string[]): string[] {
  return sources(...folders)
    .filter(([, code]) => pattern.test(code))
    .map(([file]) => file.replaceAll(path.sep, '/'));
}

describe('nowhere', () => {
  it('is a text run as a program, set as markup, or made a pattern', () => {
    const running = /\beval\(|new Function\b|import\((?!')|node:vm|new RegExp\(/;
    const markup = /\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|srcdoc/;
    assert.deepEqual(filesWith(running, 'server', 'client', 'sw'), []);
    assert.deepEqual(filesWith(markup, 'client', 'sw'), []);
  });

  it('does the server ask anybody, or send anybody elsewhere', () => {
    const asking = /\bfetch\(|node:https|node:dgram|node:dns|node:tls|\bWebSocket\b/;
    const connecting =
      /import (?!type)(?:\w+|\*|[^;]*\b(?:request|get|connect|createConnection|Agent)\b)[^;{]* from 'node:(?:http|net)'/;
    assert.deepEqual(filesWith(asking, 'server'), []);
    assert.deepEqual(filesWith(connecting, 'server'), []);
    assert.deepEqual(filesWith(/\.redirect\(|\bLocation\b/, 'server/http'), []);
  });

  it('does the server start another program than its own look at the database', () => {
    assert.deepEqual(filesWith(/child_process/, 'server'), ['server/store/check-database.ts']);
    const [[, code]] = sources('server/store').filter(([file]) => file.endsWith('check-database.ts')) as [
      [string, string],
    ];
    assert.match(code, /import \{ fork, type ChildProcess \} from 'node:child_process'/);
  });
});
