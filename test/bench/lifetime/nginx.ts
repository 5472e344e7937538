/**
 * A real nginx in front of a server, as a process of its own with a configuration and folders of its own. The system's
 * service is never touched.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Way } from './way.ts';

interface Settings {
  /** Lines of the `location`; nginx's own defaults hold for what is not said. */
  lines?: readonly string[];
}

const program = '/usr/sbin/nginx';
const startMs = 5_000;

export async function startNginx(targetPort: number, { lines = [] }: Settings = {}): Promise<Way> {
  ensureNginx();
  const prefix = mkdtempSync(path.join(tmpdir(), 'opentalk-nginx-'));
  const port = await freePort();
  writeFileSync(path.join(prefix, 'nginx.conf'), configuration(port, targetPort, lines));
  const child = spawn(program, ['-p', prefix, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'inherit' });
  const ended = once(child, 'close');
  await listening(port);
  return {
    port,
    forgotten: [],
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(prefix, { recursive: true });
    },
  };
}

function ensureNginx(): void {
  if (existsSync(program)) return;
  if (process.getuid?.() === 0) {
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'nginx-light'], { stdio: 'inherit' });
  }
  if (!existsSync(program))
    throw new Error('This needs nginx: apt-get install --no-install-recommends nginx');
}

function configuration(port: number, targetPort: number, lines: readonly string[]): string {
  return `daemon off; worker_processes 1; pid nginx.pid;
events {}
http {
  access_log off; default_type application/octet-stream;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  upstream opentalk { server 127.0.0.1:${targetPort}; keepalive 16; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://opentalk;
      proxy_set_header Host $http_host;
      ${lines.map((line) => `${line};`).join('\n      ')}
    }
  }
}
`;
}

async function freePort(): Promise<number> {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

async function listening(port: number): Promise<void> {
  for (const deadline = Date.now() + startMs; Date.now() < deadline; await wait(20)) {
    const socket = net.connect(port, '127.0.0.1');
    const isThere = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isThere) return;
  }
  throw new Error('nginx does not listen; what it says stands above.');
}
