/**
 * A server with so many people on it, each with an event stream on a bare socket: what the measuring programs beside
 * this file have in common. The people are put into the store before the server starts, because signing in is not what
 * is measured.
 */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore, type SqliteStore } from '../../../server/store/sqlite-store.ts';
import type { Cost } from './measured-server.ts';

const program = path.join(import.meta.dirname, 'measured-server.ts');
/** As many as a browser's worth of patience and the server's backlog take at once. */
const openedAtOnce = 200;
const quietMs = 1_000;

export interface Member {
  nick: string;
  token: string;
  personId: string;
  /** Where their inbox stood at the start. */
  cursor: string;
}

interface Options {
  heartbeatMs?: number;
  /** Otherwise each of them shows no presence: that everybody has come is not told to everybody, which takes its time. */
  showPresence?: boolean;
  /** What else is to be in the store when the server starts. */
  before?: (store: SqliteStore, members: Member[]) => Promise<void>;
}

export class Crowd {
  readonly members: readonly Member[];
  readonly sockets: net.Socket[] = [];
  readonly #folder: string;
  readonly #server: ChildProcess;
  readonly #port: number;

  private constructor(folder: string, members: Member[], server: ChildProcess, port: number) {
    this.#folder = folder;
    this.members = members;
    this.#server = server;
    this.#port = port;
  }

  static async gather(
    size: number,
    { heartbeatMs, showPresence = false, before }: Options = {},
  ): Promise<Crowd> {
    const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-crowd-'));
    const store = await openSqliteStore({
      dataDir: folder,
      onFatal(error) {
        throw error;
      },
    });
    const members = await Promise.all(
      Array.from({ length: size }, (_, n) => signIn(store, `p${n}`, showPresence)),
    );
    await before?.(store, members);
    await store.close();
    const server = fork(program, {
      env: {
        ...process.env,
        DATA_DIR: folder,
        ...(heartbeatMs === undefined ? {} : { HEARTBEAT_MS: String(heartbeatMs) }),
      },
    });
    const [port] = (await once(server, 'message')) as [number];
    return new Crowd(folder, members, server, port);
  }

  /** What the server has cost since this was asked last. */
  async cost(): Promise<Cost> {
    this.#server.send('cost');
    const [cost] = (await once(this.#server, 'message')) as [Cost];
    return cost;
  }

  /** Resolves when the server has nothing more to do: what happened to one is not being told to the others any more. */
  async quiet(): Promise<void> {
    do await sleep(quietMs);
    while ((await this.cost()).cpuMs > quietMs / 40);
  }

  /** Opens the streams of all; resolves when each is caught up. */
  async open(streamsEach = 1, butTheLast = 0): Promise<void> {
    const some = this.members.slice(0, this.members.length - butTheLast);
    const all = some.flatMap((member) => Array.from({ length: streamsEach }, () => member));
    for (let from = 0; from < all.length; from += openedAtOnce) {
      const next = all.slice(from, from + openedAtOnce);
      await Promise.all(next.map(async (member) => until(this.connect(member), 'event: heartbeat')));
    }
  }

  /** A stream of a member, from `after` on if that is given. It is of the crowd, and ends with it. */
  connect({ token }: Member, after?: string): net.Socket {
    const n = this.sockets.length;
    // Several addresses, because each has only so many ports.
    const socket = net.connect({
      port: this.#port,
      host: '127.0.0.1',
      localAddress: `127.0.0.${2 + (n % 8)}`,
    });
    const position = after === undefined ? '' : `Last-Event-ID: ${after}\r\n`;
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCookie: ot=${token}\r\n${position}\r\n`,
    );
    socket.on('error', (error) => assert.fail(`a stream has failed: ${error.message}`));
    this.sockets.push(socket);
    return socket;
  }

  /** A request of a member; its answer has to be a good one. */
  async post({ token }: Member, resource: string, body: unknown): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${resource}`, {
      method: 'POST',
      headers: { Cookie: `ot=${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, `${resource} was answered ${response.status}`);
    await response.arrayBuffer();
  }

  async leave(): Promise<void> {
    const ended = once(this.#server, 'exit');
    this.#server.disconnect();
    await ended;
    for (const socket of this.sockets) socket.destroy();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Resolves once the words have come over the socket, which is read on afterwards. */
export function until(socket: net.Socket, words: string): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    const look = (bytes: Buffer) => {
      text = text.slice(-words.length) + bytes.toString('latin1');
      if (!text.includes(words)) return;
      socket.off('data', look);
      socket.resume();
      resolve();
    };
    socket.on('data', look);
  });
}

async function signIn(store: SqliteStore, nick: string, presence: boolean): Promise<Member> {
  const token = createHash('sha256').update(`token of ${nick}`).digest('base64url');
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  const outcome = await store.signIn({ nick, tokenHash, at: new Date(0).toISOString() });
  assert.equal(outcome.kind, 'signed-in');
  const personId = outcome.me.id;
  await store.setPrivacy(personId, { presence });
  return { nick, token, personId, cursor: await store.head(personId) };
}
