/** Of which versions the figures are. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Peer } from './peers/peers.ts';

/** Peer → a command that says a version somewhere in its answer. */
const commands: Record<string, string[]> = {
  tornado: ['/usr/bin/python3', '-c', 'import tornado; print(tornado.version)'],
  nchan: ['dpkg-query', '-W', '-f', '${Version}', 'libnginx-mod-nchan'],
  mosquitto: ['mosquitto', '-h'],
};
const packages: Record<string, string> = {
  express: 'express',
  'better-sse': 'better-sse',
  'socket-io': 'socket.io',
};

export function versions(present: readonly Peer[]): Record<string, string> {
  const found: Record<string, string> = { Node: process.versions.node };
  for (const { name } of present) {
    const version = packages[name] === undefined ? said(commands[name]) : installed(packages[name]);
    if (version !== undefined) found[packages[name] ?? name] = version;
  }
  return found;
}

function installed(name: string): string {
  const file = path.join(import.meta.dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function said(command: string[] | undefined): string | undefined {
  if (!command) return undefined;
  const { stdout, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
  return /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0];
}
