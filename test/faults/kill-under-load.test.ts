/**
 * Promise 1, durable: the whole server is killed with -9 while devices send, at each step of a send, again and again.
 * A short version of `npm run soak:kill`.
 */
import path from 'node:path';
import { describe, it } from 'node:test';
import { endsWell } from '../support/program-run.ts';

const kills = Number(process.env['KILLS'] || 20);

describe('a server that is killed under load', () => {
  it(`has everything that it acknowledged, once and in order, after each of ${kills} kills at every step`, async (t) => {
    const program = path.join(import.meta.dirname, 'kill/kill.ts');
    await endsWell(t, program, { KILLS: String(kills) });
  });
});
