/** A Redis of a test's own: on a port of its own, keeping nothing, to be stopped, frozen and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';
import { missing } from './installed.ts';

/** Why such tests are left out; false where they run. */
export const noRedis = missing('redis-server');

export class RedisProcess {
  readonly port: number;
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<RedisProcess> {
    const redis = new RedisProcess(await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    // Also where the test breaks off.
    process.once('exit', () => child.kill('SIGKILL'));
    for await (const line of createInterface(child.stdout)) {
      if (line.includes('Ready to accept connections')) break;
    }
    child.stdout.resume();
  }

  /** It is there, and does nothing. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Whatever was stored or listened to is gone. */
  async empty(): Promise<void> {
    for (const command of ['FLUSHALL', 'CLIENT KILL TYPE pubsub', 'CLIENT KILL TYPE normal']) {
      const socket = net.connect(this.port, '127.0.0.1').end(`${command}\r\n`);
      socket.resume();
      await once(socket, 'close');
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
