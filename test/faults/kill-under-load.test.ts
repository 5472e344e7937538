/**
 * Promise 1, durable: the whole server is killed with -9 while devices send, at each step of a send, again and again.
 * A short version of `npm run soak:kill`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';

const kills = Number(process.env['KILLS'] || 20);

describe('a server that is killed under load', () => {
  it(`has everything that it acknowledged, once and in order, after each of ${kills} kills at every step`, async (t) => {
    const program = path.join(import.meta.dirname, 'kill/kill.ts');
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, KILLS: String(kills) },
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
