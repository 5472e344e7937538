/** The systemd unit that we give away: systemd understands it, finds it well protected, and its command starts a server. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { missing } from '../support/installed.ts';

const root = path.join(import.meta.dirname, '../..');
const isBuilt = existsSync(path.join(root, 'dist/index.html'));
const unit = readFileSync(path.join(root, 'server/deploy/opentalk.service'), 'utf8');
const command = /^ExecStart=(\S+) (.*)$/m.exec(unit)!;
/** From 0, nothing is exposed, to 10. */
const mostExposed = 2;

describe('the systemd unit', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-unit-'));
  const file = path.join(folder, 'opentalk.service');
  // The machine's own node may be elsewhere.
  writeFileSync(file, unit.replace(command[1]!, process.execPath).replaceAll('/opt/opentalk', root));
  after(() => rmSync(folder, { recursive: true }));

  it('is one that systemd takes without a word', { skip: missing('systemd-analyze') }, () => {
    const { status, stderr, stdout } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout, ours(stderr)], [0, '', []]);
  });

  it(
    `exposes little of the machine: ${mostExposed} of 10 at most`,
    { skip: missing('systemd-analyze') },
    (t) => {
      const { stdout, stderr } = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', '--no-pager', file],
        { encoding: 'utf8' },
      );
      const exposed = /Overall exposure level for opentalk.service: ([\d.]+)/.exec(stdout)?.[1];
      assert.ok(exposed !== undefined, stderr);
      t.diagnostic(`exposed: ${exposed} of 10`);
      assert.ok(Number(exposed) <= mostExposed, exposed);
    },
  );

  it(
    'has a command that starts a server and ends on SIGTERM',
    { skip: isBuilt ? false : 'the page is not built' },
    async () => {
      assert.match(command[1]!, /\/node$/);
      const server = spawn(process.execPath, command[2]!.split(' '), {
        cwd: root,
        env: { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0', DATA_DIR: path.join(folder, 'data') },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      after(() => server.kill('SIGKILL'));
      for await (const line of server.stdout) if (String(line).includes('OpenTalk is ready')) break;
      server.stdout.resume();
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null]);
    },
  );
});

/** What it says of this unit, and not of others of the machine. */
function ours(text: string): string[] {
  return text.split('\n').filter((line) => line.includes('opentalk'));
}
