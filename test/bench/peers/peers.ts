/**
 * Who is measured: OpenTalk and its peers, how each is started, and what of it is missing on this machine. OpenTalk runs
 * as it is, but without its limits on how much one person or address may ask.
 */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { httpWire } from '../load/http-wire.ts';
import { mqttWire } from '../load/mqtt-wire.ts';
import { nchanWire } from '../load/nchan-wire.ts';
import { socketIoWire } from '../load/socket-io-wire.ts';
import type { Wire } from '../load/wire.ts';
import { mosquittoSettings, nginxSettings } from './brokers.ts';

export interface Command {
  file: string;
  parameters: string[];
  env?: Record<string, string>;
  /** Where it will listen, if it cannot say it itself. */
  port?: number;
}

export interface Peer {
  name: string;
  title: string;
  /** What it has answered is on disk. */
  isDurable: boolean;
  /** Its inboxes can be filled before it starts, and a device goes on from a place in them. */
  replays: boolean;
  /** It lets go of its garbage when it is told to: see collect-garbage.ts. */
  isOnNode: boolean;
  wire: Wire;
  /** `folder` is its own and empty, but for OpenTalk's database. */
  command(folder: string): Command | Promise<Command>;
  /** How to get what it needs, if that is not here. */
  missing(): string | undefined;
}

const here = import.meta.dirname;
const nchanModule = '/usr/lib/nginx/modules/ngx_nchan_module.so';
/** The system's own: a Python of one's own does not see its packages. */
const python = '/usr/bin/python3';

export const peers: Peer[] = [
  {
    ...onNode('opentalk', 'OpenTalk', path.join(here, '../../support/serve.ts'), { LOG_LEVEL: 'silent' }),
    isDurable: true,
  },
  onNode('bare-socket', 'bare Node sockets', path.join(here, 'bare-socket.ts')),
  onNode('node-http', 'node:http', path.join(here, 'node-http.ts')),
  onNode('express', 'Express', path.join(here, 'express.ts')),
  onNode('better-sse', 'Express, better-sse', path.join(here, 'better-sse.ts')),
  ...(['each', 'group'] as const).map((commit) => ({
    ...onNode(
      `express-sqlite-${commit}`,
      commit === 'each' ? 'Express, SQLite' : 'Express, SQLite, group commit',
      path.join(here, 'express-sqlite.ts'),
      { COMMIT: commit },
    ),
    isDurable: true,
    replays: false,
  })),
  {
    ...onNode('socket-io', 'Socket.IO', path.join(here, 'socket-io.ts')),
    replays: false,
    wire: socketIoWire,
  },
  {
    name: 'tornado',
    title: 'Tornado',
    isDurable: false,
    replays: true,
    isOnNode: false,
    wire: httpWire,
    command: () => ({ file: python, parameters: [path.join(here, 'tornado-chat.py')] }),
    missing: () => (runs(python, '-c', 'import tornado') ? undefined : 'apt-get install python3-tornado'),
  },
  {
    name: 'nchan',
    title: 'nchan in nginx',
    isDurable: false,
    replays: false,
    isOnNode: false,
    wire: nchanWire,
    command: nginxSettings,
    missing: () =>
      runs('nginx', '-v') && existsSync(nchanModule) ? undefined : 'apt-get install nginx libnginx-mod-nchan',
  },
  {
    name: 'mosquitto',
    title: 'Mosquitto',
    isDurable: false,
    replays: false,
    isOnNode: false,
    wire: mqttWire,
    command: mosquittoSettings,
    missing: () => (runs('mosquitto', '-h') ? undefined : 'apt-get install mosquitto'),
  },
];

export function peerOf(name: string): Peer {
  const peer = peers.find((candidate) => candidate.name === name);
  if (!peer) throw new Error(`There is no peer ${name}, only ${peers.map((each) => each.name).join(', ')}.`);
  return peer;
}

function onNode(name: string, title: string, program: string, env: Record<string, string> = {}): Peer {
  const preload = path.join(here, 'collect-garbage.ts');
  return {
    name,
    title,
    isDurable: false,
    replays: true,
    isOnNode: true,
    wire: httpWire,
    command: (folder) => ({
      file: process.execPath,
      parameters: ['--expose-gc', '--import', preload, program],
      env: { DATA_DIR: folder, PORT: '0', NODE_ENV: 'production', ...env },
    }),
    missing: () => undefined,
  };
}

function runs(file: string, ...parameters: string[]): boolean {
  const { error, status } = spawnSync(file, parameters, { stdio: 'ignore' });
  return error === undefined && (status === 0 || file === 'mosquitto');
}
