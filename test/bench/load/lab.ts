/** One server under measurement: started, filled, connected to, asked what it costs, and ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command, Peer } from '../peers/peers.ts';
import { nickOf } from './names.ts';
import { cpuMs, residentBytes } from './process-cost.ts';
import { setStage, type Stage } from './stage.ts';
import type { Device } from './wire.ts';

export type Scale = 'small' | 'usual' | 'full';

const quietWindowMs = 1_000;
const quietShare = 0.06;
const mostQuietMs = 60_000;

export class Lab {
  readonly peer: Peer;
  readonly scale: Scale;
  /** All of a bench's own, with the stages that were built. */
  readonly #scratch: string;
  readonly #devices = new Set<Device>();
  folder = '';
  #child: ChildProcess | undefined;
  #cursors: string[] = [];
  #port = 0;

  constructor(peer: Peer, scale: Scale, scratch: string) {
    this.peer = peer;
    this.scale = scale;
    this.#scratch = scratch;
  }

  /** The size for this scale; `full` is as usual where it says nothing. */
  size(small: number, usual: number, full = usual): number {
    return { small, usual, full }[this.scale];
  }

  /** `waitingEach`: so many events that each has not seen, for a peer that can be filled. */
  async start(stage: Stage, waitingEach = 0): Promise<void> {
    await this.prepare(stage);
    await this.run({ WAITING: `${stage.people}x${waitingEach}` });
  }

  async prepare(stage: Stage): Promise<void> {
    this.folder = mkdtempSync(path.join(this.#scratch, 'run-'));
    const isOurs = this.peer.name === 'opentalk';
    this.#cursors = isOurs ? await setStage(stage, this.#scratch, this.folder) : [];
  }

  /** Resolves when it listens. */
  async run(env: Record<string, string> = {}): Promise<void> {
    const command = await this.peer.command(this.folder);
    const child = spawn(command.file, command.parameters, {
      env: { ...process.env, ...env, ...command.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.#port = await portOf(child, command);
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  get port(): number {
    return this.#port;
  }

  cpuMs(): number {
    return cpuMs(this.pid);
  }

  /** What the server's processors do meanwhile. */
  async cpuMsOf(work: () => Promise<void>): Promise<number> {
    const before = this.cpuMs();
    await work();
    return this.cpuMs() - before;
  }

  /** Has a server on Node let go of its garbage. */
  collectGarbage(): void {
    if (this.peer.isOnNode) this.#child!.kill('SIGUSR2');
  }

  /** Without what is garbage, where the server is on Node. */
  async residentBytes(): Promise<number> {
    this.collectGarbage();
    await delay(quietWindowMs);
    return residentBytes(this.pid);
  }

  /** Resolves when the server has nothing more to do but to be there. */
  async quiet(): Promise<void> {
    for (let waited = 0; waited < mostQuietMs; waited += quietWindowMs) {
      const spent = await this.cpuMsOf(() => delay(quietWindowMs));
      if (spent < quietWindowMs * quietShare) return;
    }
  }

  cursorOf(person: number): string {
    return this.#cursors[person] ?? '0';
  }

  connect(person: number, onEvent: (event: string) => void, after?: string): Device {
    const listening = { nick: nickOf(person), onEvent, ...(after === undefined ? {} : { after }) };
    const device = this.peer.wire.connect(this.#port, listening);
    this.#devices.add(device);
    return device;
  }

  /** Ends it. In order, where that is part of what is measured or of what comes after. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    for (const device of this.#devices) device.close();
    this.#devices.clear();
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await ended;
    }
    this.#child = undefined;
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
    this.folder = '';
  }
}

function portOf(child: ChildProcess, { port, file }: Command): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it listened.`)));
    if (port === undefined) {
      createInterface(child.stdout!).on('line', (line) => /^\d+$/.test(line) && resolve(Number(line)));
    } else {
      void answers(port).then(() => resolve(port));
    }
  });
}

/** Resolves once somebody takes a connection. */
async function answers(port: number): Promise<void> {
  const isTaken = await new Promise<boolean>((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
  if (isTaken) return;
  await delay(20);
  await answers(port);
}
