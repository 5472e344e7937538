/** A file system of a few MiB of its own, to be filled up; needs the right to mount one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeSync, openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type SmallDisk =
  | { missing: string }
  | { missing?: never; folder: string; fill: () => void; makeRoom: () => void; remove: () => void };

export function mountSmallDisk(mebibytes: number): SmallDisk {
  if (process.platform !== 'linux') return { missing: 'a small disk can be mounted on Linux only' };
  const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-small-disk-'));
  const options = `size=${mebibytes}m,mode=0777`;
  const prefix = [[], ['sudo', '-n']].find(
    (asRoot) => run([...asRoot, 'mount', '-t', 'tmpfs', '-o', options, 'opentalk', folder]) === 0,
  );
  if (!prefix) {
    rmdirSync(folder);
    return { missing: 'mounting a small disk takes root' };
  }
  const filler = path.join(folder, 'filler');
  return {
    folder,
    fill() {
      const file = openSync(filler, 'a');
      // In ever smaller pieces, to the last byte.
      for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2))
        writeAll(file, Buffer.alloc(bytes));
      closeSync(file);
    },
    makeRoom: () => rmSync(filler),
    remove() {
      run([...prefix, 'umount', folder]);
      rmdirSync(folder);
    },
  };
}

function writeAll(file: number, piece: Buffer): void {
  try {
    while (writeSync(file, piece) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function run([command, ...parameters]: string[]): number | null {
  return spawnSync(command!, parameters, { stdio: 'ignore' }).status;
}
