import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { keepPreviousAssets } from '../../.config/previous-assets.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const start = Date.parse('2026-01-01T00:00:00Z');
let folder: string;
let builds: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'opentalk-assets-'));
  builds = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** A build with these files, after the ones before it, on a day. Returns what stands in its assets. */
async function build(day: number, ...files: string[]): Promise<string[]> {
  const previous = path.join(folder, String(builds));
  const next = path.join(folder, String(++builds));
  await mkdir(path.join(next, 'assets'), { recursive: true });
  for (const file of files) await writeFile(path.join(next, 'assets', file), file);
  await keepPreviousAssets(previous, next, new Date(start + day * dayMs));
  return (await readdir(path.join(next, 'assets'))).toSorted();
}

describe('the hashed files of earlier builds', () => {
  it('do not exist for the first build', async () => {
    assert.deepEqual(await build(0, 'app-1.js'), ['app-1.js']);
  });

  it('stay beside the new ones, every chunk in every compression and all words, without source maps', async () => {
    await build(
      0,
      'app-1.js',
      'app-1.js.br',
      'app-1.js.gz',
      'app-1.js.map',
      'chat-1.js',
      'same.js',
      'words-de-1.json',
    );
    assert.deepEqual(await build(1, 'app-2.js', 'same.js'), [
      'app-1.js',
      'app-1.js.br',
      'app-1.js.gz',
      'app-2.js',
      'chat-1.js',
      'same.js',
      'words-de-1.json',
    ]);
  });

  it('stay for 30 days from when they were replaced, however old they were by then', async () => {
    await build(0, 'app-1.js');
    assert.deepEqual(await build(90, 'app-2.js'), ['app-1.js', 'app-2.js']);
    assert.deepEqual(await build(100, 'app-3.js'), ['app-1.js', 'app-2.js', 'app-3.js']);
    assert.deepEqual(await build(121, 'app-4.js'), ['app-2.js', 'app-3.js', 'app-4.js']);
  });

  it('of the same content as new ones count as new', async () => {
    await build(0, 'app-1.js');
    await build(1, 'app-2.js');
    await build(2, 'app-1.js');
    assert.deepEqual(await build(32.5, 'app-3.js'), ['app-1.js', 'app-3.js']);
  });

  it('are those of the last ten builds at most', async () => {
    for (let number = 0; number < 12; number += 1) await build(number / 24, `app-${number}.js`);
    const kept = await build(1, 'app-12.js');
    assert.equal(kept.length, 11);
    assert.ok(!kept.includes('app-1.js') && kept.includes('app-2.js'));
  });
});
