/**
 * Promise 1, durable: the whole server process is killed with -9 while devices send, again and again. What was answered
 * `accepted` is there after the restart, once, in order; and devices that simply retry end with everything there once.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import type { Result } from '../../server/protocol/requests.ts';
import { Checker, faultsOf, type Seen } from '../support/checker.ts';
import { ApiPerson } from '../support/person.ts';

const kills = 5;
const senders = 4;
const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-kill-'));
let server: ChildProcess | undefined;
after(() => {
  server?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

const program = path.join(import.meta.dirname, '../support/serve.ts');

async function start(port = 0): Promise<number> {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  server = child;
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
    child.once('exit', () => reject(new Error('The server ended before it was ready.')));
  });
}

async function kill(): Promise<void> {
  const ended = new Promise((resolve) => server!.once('exit', resolve));
  server!.kill('SIGKILL');
  await ended;
}

describe('a server that is killed under load', () => {
  it(`has everything that it acknowledged, once and in order, after each of ${kills} kills`, async () => {
    const port = await start();
    const url = `http://127.0.0.1:${port}`;
    const people = await Promise.all(
      Array.from({ length: senders }, (_, n) => ApiPerson.signIn(url, `sender${n}`)),
    );
    const bob = await ApiPerson.signIn(url, 'bob');
    const checker = new Checker();
    const acknowledged = new Set<string>();
    const over = new AbortController();

    /** A device: one message at a time, each tried until it is answered. */
    async function device(person: ApiPerson): Promise<void> {
      const lane = person.me.nick;
      for (let count = 1; !over.signal.aborted; count += 1) {
        const draft = person.draft(bob, `${lane} ${count}`);
        checker.begin(lane, draft.text);
        for (;;) {
          const result = await person.send(draft).then(
            ([first]): Result | undefined => first,
            () => undefined,
          );
          if (result) {
            assert.notEqual(result.status, 'rejected');
            acknowledged.add(draft.id);
            checker.keep(draft.text);
            break;
          }
          await new Promise((resolve) => setTimeout(resolve, 20)); // the backoff of a device, not a wait of this test
        }
      }
    }

    const devices = people.map((person) => device(person));
    for (let round = 0; round < kills; round += 1) {
      const before = acknowledged.size;
      while (acknowledged.size < before + 100) await new Promise((resolve) => setImmediate(resolve));
      await kill();
      const known = [...acknowledged];
      await start(port);
      const there = new Set((await everything(bob, people)).flat().map(({ id }) => id));
      assert.deepEqual(
        known.filter((id) => !there.has(id)),
        [],
        `acknowledged and lost after kill ${round + 1}`,
      );
    }
    over.abort();
    await Promise.all(devices);
    const threads = await everything(bob, people);
    const onServer = new Map(threads.map((thread, n) => [people[n]!.me.nick, thread]));
    assert.deepEqual(faultsOf(checker.compare(onServer, [])), [], 'each once, in the order of composing');
    assert.equal(threads.flat().length, checker.composed);
    await kill();
  });
});

async function everything(bob: ApiPerson, people: ApiPerson[]): Promise<Seen[][]> {
  return Promise.all(
    people.map(async ({ me }) => {
      const all: Seen[] = [];
      for (let before = Number.MAX_SAFE_INTEGER; ; before = all[0]!.seq) {
        const response = await bob.request(`/api/messages?with=${me.nick}&before=${before}`);
        const { messages, more } = (await response.json()) as { messages: typeof all; more: boolean };
        all.unshift(...messages);
        if (!more) return all;
      }
    }),
  );
}
