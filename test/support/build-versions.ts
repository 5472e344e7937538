/** Two versions of the app, built as they would be one after the other, each into a folder of its own. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const script = path.join(import.meta.dirname, '../../.config/build.ts');

export interface Versions {
  older: string;
  newer: string;
  remove(): Promise<void>;
}

export async function buildVersions(): Promise<Versions> {
  const folder = await mkdtemp(path.join(tmpdir(), 'opentalk-versions-'));
  const [older, newer] = [path.join(folder, 'older'), path.join(folder, 'newer')];
  await buildInto(older, '0.0.1');
  await cp(older, newer, { recursive: true });
  await buildInto(newer, '0.0.2');
  return { older, newer, remove: () => rm(folder, { recursive: true }) };
}

async function buildInto(folder: string, version: string): Promise<void> {
  await promisify(execFile)(process.execPath, [script, folder], {
    env: { ...process.env, APP_VERSION: version },
  });
}
