/** Runs a program that judges for itself, says what it said as diagnostics of the test, and wants it to have ended well. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';

export async function endsWell(
  t: TestContext,
  program: string,
  settings: Record<string, string>,
): Promise<void> {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (bytes: Buffer) => (said += bytes.toString()));
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  for (const line of said.trimEnd().split('\n')) t.diagnostic(line);
  assert.equal(code, 0, said);
}
