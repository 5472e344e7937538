/**
 * The whole server on PostgreSQL: tests that everybody runs on the embedded store, once more on the other. Any file that
 * starts its servers with start-test-server.ts can be run so by hand: TEST_STORE=postgres node --test FILE.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, it } from 'node:test';
import { withoutPostgres } from '../support/postgres.ts';

/** What a device asks, and who gets what: together they ask nearly every question of the store. */
const files = ['http-api.test.ts', 'access-matrix.test.ts'];

describe('a server on PostgreSQL', { skip: withoutPostgres }, () => {
  for (const file of files) {
    it(`passes ${file}`, async () => {
      const child = spawn(process.execPath, ['--test', path.join(import.meta.dirname, file)], {
        // A runner that finds itself within another one reports to that, in its language.
        env: { ...process.env, TEST_STORE: 'postgres', NODE_TEST_CONTEXT: undefined },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      }
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 0, said);
      assert.match(said, /pass [1-9]/);
    });
  }
});
