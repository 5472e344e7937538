/** Has the senders' process recorded; with changes to the code where a test wants to see a mistake found. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withChanges, type SourceChange } from '../../support/changed-source.ts';
import { readRecording, type DiskRecord } from '../../support/disk/recording.ts';

const program = path.join(import.meta.dirname, 'senders.ts');

export function recordSenders(
  shim: string,
  { senders, sends }: { senders: number; sends: number },
  changes: readonly SourceChange[],
): DiskRecord[] {
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'opentalk-power-')));
  try {
    const [folder, log] = [path.join(scratch, 'data'), path.join(scratch, 'log')];
    mkdirSync(folder);
    const { execArgv, env } = withChanges(changes);
    const { status, stderr } = spawnSync(process.execPath, [...execArgv, program], {
      env: {
        ...process.env,
        ...env,
        LD_PRELOAD: shim,
        DISK_FOLDER: folder,
        DISK_LOG: log,
        SENDERS: String(senders),
        SENDS: String(sends),
      },
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`The senders ended with ${status}: ${stderr}`);
    return readRecording(readFileSync(log));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
