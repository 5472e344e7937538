/**
 * A server with a thousand people on it is restarted: they come back spread out, each after the time that it was told,
 * and who sends meanwhile is not made to wait.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FollowerSocket } from '../support/follower-socket.ts';
import { ApiPerson } from '../support/person.ts';
import { ServerProcess } from '../support/server-process.ts';

const streams = 1_000;
const signInsAtOnce = 50;
const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-storm-'));
const running: ServerProcess[] = [];
const followers: FollowerSocket[] = [];
after(async () => {
  for (const follower of followers) follower.leave();
  for (const server of running) await server.kill();
  rmSync(dataDir, { recursive: true });
});

async function start(port: number): Promise<[ServerProcess, number]> {
  const server = new ServerProcess(dataDir, port);
  running.push(server);
  return [server, (await server.ready())!];
}

describe('a restart with a thousand open streams', () => {
  it('has them back within 10 s, no more than a fifth of them in any second, and takes messages all the while', async (t) => {
    const [first, port] = await start(0);
    const people = await signInAll(`http://127.0.0.1:${port}`);
    followers.push(...people.map((person) => new FollowerSocket(person, port)));
    await Promise.all(followers.map(({ acked }) => acked));

    const back = Promise.all(followers.map(({ acked }) => acked));
    const stoppedAt = performance.now();
    assert.equal(await first.end(), 'exit code 0');
    await start(port);
    const readyAt = performance.now();
    const over = new AbortController();
    const sending = sendUntil(over.signal, people[0]!, people[1]!);
    await back;
    over.abort();
    const sendMs = await sending;

    const refused = followers.filter(({ refusals }) => refusals > 0).length;
    const told = followers.map(({ toldMs }) => toldMs);
    const backMs = followers.map(({ ackedAt }) => ackedAt - stoppedAt).toSorted((a, b) => a - b);
    const p95 = backMs[Math.floor(streams * 0.95)]!;
    t.diagnostic(
      `${streams} streams back after a restart of ${Math.round(readyAt - stoppedAt)} ms: p50 ${seconds(backMs[streams / 2]!)}, ` +
        `p95 ${seconds(p95)}, last ${seconds(backMs.at(-1)!)}; at most ${mostInASecond(backMs)} of them in one second; ${refused} were refused once or more`,
    );
    t.diagnostic(
      `meanwhile ${sendMs.length} messages, one after the other: slowest ${Math.round(Math.max(...sendMs))} ms`,
    );
    assert.ok(mostInASecond(told) <= streams / 5, `${mostInASecond(told)} were told the same second`);
    // A restart of more than a second, on a busy machine, refuses the first, who then come among the others.
    const most = refused === 0 ? streams / 5 : streams / 2;
    assert.ok(mostInASecond(backMs) <= most, `${mostInASecond(backMs)} came in the same second`);
    assert.ok(p95 - (readyAt - stoppedAt) <= 10_000, `p95 ${seconds(p95)}`);
  });
});

async function signInAll(url: string): Promise<ApiPerson[]> {
  const people: ApiPerson[] = [];
  while (people.length < streams) {
    const some = Array.from({ length: signInsAtOnce }, (_, n) =>
      ApiPerson.signIn(url, `p${people.length + n}`),
    );
    people.push(...(await Promise.all(some)));
  }
  return people;
}

/** Sends one message after the other; every answer is a good one. How long each took, in ms. */
async function sendUntil(over: AbortSignal, ann: ApiPerson, bob: ApiPerson): Promise<number[]> {
  const tookMs: number[] = [];
  while (!over.aborted) {
    const began = performance.now();
    const [result] = await ann.send(ann.draft(bob, `while they come back ${tookMs.length}`));
    assert.equal(result!.status, 'accepted');
    tookMs.push(performance.now() - began);
    await sleep(50);
  }
  return tookMs;
}

/** The most of these times, in ms, that lie within one second. */
function mostInASecond(timesMs: readonly number[]): number {
  return Math.max(
    ...timesMs.map((from) => timesMs.filter((time) => time >= from && time < from + 1_000).length),
  );
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
