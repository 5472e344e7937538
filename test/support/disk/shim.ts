/**
 * The shim between a server and its disk, compiled when a test first asks for it.
 * Where there is no C compiler, or no LD_PRELOAD, it says why, so that a test can say what it leaves out.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';

const source = path.join(import.meta.dirname, 'shim.c');
const cache = path.join(import.meta.dirname, '../../../node_modules/.cache/disk-shim');

export type Shim = { file: string; missing?: never } | { file?: never; missing: string };

export function compileShim(): Shim {
  if (process.platform !== 'linux') return { missing: 'a disk can be stood in for on Linux only' };
  const file = path.join(cache, `${createHash('sha256').update(readFileSync(source)).digest('hex')}.so`);
  if (existsSync(file)) return { file };
  mkdirSync(cache, { recursive: true });
  // Several tests may compile at once: each its own, and the last one put in place is as good as the first.
  const own = `${file}.${process.pid}`;
  const { status, error, stderr } = spawnSync(
    'cc',
    ['-shared', '-fPIC', '-O1', '-Wall', '-o', own, source, '-ldl'],
    { encoding: 'utf8' },
  );
  if (error) return { missing: 'there is no C compiler (cc)' };
  if (status !== 0) throw new Error(stderr);
  renameSync(own, file);
  return { file };
}
