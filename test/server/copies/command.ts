/** Backup, restore and the operator's command as a person runs them: a process with an exit code and sentences. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../../..');

export interface Said {
  code: number | null;
  out: string;
  err: string;
}

export interface Surroundings {
  dataDir: string;
  databaseUrl?: string;
  /** Run by another user; needs root. */
  uid?: number;
}

type Command = 'backup' | 'restore' | 'admin' | 'migrate';

export function begin(
  command: Command,
  { dataDir, databaseUrl = '', uid }: Surroundings,
  ...files: string[]
): ChildProcess {
  return spawn(process.execPath, [path.join(root, 'server', `${command}.ts`), ...files], {
    env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

export async function run(command: Command, around: Surroundings, ...files: string[]): Promise<Said> {
  const child = begin(command, around, ...files);
  const said: Said = { code: null, out: '', err: '' };
  child.stdout!.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...said, code })));
}

/** Mounts a disk of so many bytes; undefined where that is not allowed. */
export function smallDisk(folder: string, bytes: number): { remove: () => void } | undefined {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'opentalk-test', folder]);
  return status === 0 ? { remove: () => void spawnSync('umount', [folder]) } : undefined;
}
