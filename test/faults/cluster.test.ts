/**
 * Several nodes on one store hold the promises of one, whatever becomes of a node, of Redis, or of the way to it.
 * A short version of `npm run soak:cluster`.
 */
import path from 'node:path';
import { describe, it } from 'node:test';
import { endsWell } from '../support/program-run.ts';
import { withoutPostgres } from '../support/postgres.ts';
import { noRedis } from '../support/redis-process.ts';

const rounds = Number(process.env['ROUNDS'] || 6);

describe('three nodes under load', { skip: noRedis || withoutPostgres }, () => {
  it('lose nothing, and say everything once and in order, while nodes and Redis come and go', async (t) => {
    const program = path.join(import.meta.dirname, 'cluster/cluster.ts');
    await endsWell(t, program, { ROUNDS: String(rounds) });
  });
});
