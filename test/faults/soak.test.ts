/** A short version of `npm run soak`: the same life of ten devices on real sockets, for twenty seconds in `npm test` */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';

const seconds = Number(process.env['SOAK_SECONDS'] || 6);

describe('ten devices of five people', () => {
  it(`are all equal after ${seconds} s of cuts, lost answers, killed servers and killed devices`, async (t) => {
    const program = path.join(import.meta.dirname, 'soak/soak.ts');
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, SOAK_SECONDS: String(seconds) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let table = '';
    child.stdout.on('data', (bytes: Buffer) => (table += bytes.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    for (const line of table.trimEnd().split('\n')) t.diagnostic(line);
    assert.equal(code, 0, table);
  });
});
