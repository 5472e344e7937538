/**
 * Several nodes on one store hold the promises of one, whatever becomes of a node, of Redis, or of the way to it.
 * A short version of `npm run soak:cluster`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { withoutPostgres } from '../support/postgres.ts';
import { noRedis } from '../support/redis-process.ts';

const rounds = Number(process.env['ROUNDS'] || 6);

describe('three nodes under load', { skip: noRedis || withoutPostgres }, () => {
  it('lose nothing, and say everything once and in order, while nodes and Redis come and go', async (t) => {
    const program = path.join(import.meta.dirname, 'cluster/cluster.ts');
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, ROUNDS: String(rounds) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (bytes: Buffer) => (said += bytes.toString()));
    }
    const code = await new Promise((resolve) => child.once('close', resolve));
    for (const line of said.trimEnd().split('\n')) t.diagnostic(line);
    assert.equal(code, 0, said);
  });
});
