/** The command that serves people, as it is typed: a second one on the same data, and one with a failpoint, do not start. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';

const root = path.join(import.meta.dirname, '../..');
const isBuilt = existsSync(path.join(root, 'dist/index.html'));
const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-twice-'));
const children: ChildProcessByStdio<null, Readable, Readable>[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

/** `npm run serve`, on any free port. */
function serve(settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function refusal(settings?: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = serve(settings);
  const [[code], said] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code: code as number | null, said };
}

function untilReady(child: ReturnType<typeof serve>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (lines: Buffer) => {
      if (lines.includes('OpenTalk is ready')) resolve();
    });
    child.once('exit', () => reject(new Error('It did not start.')));
  });
}

describe('npm run serve', { skip: !isBuilt && 'not built yet: npm run build' }, () => {
  it('says in a sentence that another server has the data folder, and which, and leaves that one alone', async () => {
    const first = serve();
    await untilReady(first);
    for (let time = 0; time < 2; time += 1) {
      const { code, said } = await refusal();
      assert.equal(
        said,
        `OpenTalk cannot start: another OpenTalk server is running on the data folder ${dataDir}.\n`,
      );
      assert.equal(code, 1);
    }
    const ended = once(first, 'exit');
    first.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], 'told to stop, it ends in order');
  });

  it('serves the folder of one that was killed', async () => {
    const first = serve();
    await untilReady(first);
    const ended = once(first, 'exit');
    first.kill('SIGKILL');
    await ended;
    await untilReady(serve());
  });

  it('does not start with a failpoint, which only tests turn on', async () => {
    const { code, said } = await refusal({ TEST_FAILPOINT: 'received:1:kill' });
    assert.match(said, /TEST_FAILPOINT/);
    assert.equal(code, 1);
  });
});
