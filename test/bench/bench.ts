/**
 * `npm run bench`: durable messages a second through the real HTTP server, which runs in a process of its own while this
 * one makes the load. Medians of three runs; every message is checked to be there once at the end.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiPerson } from '../support/person.ts';

const senders = 64;
const runs = 3;

interface Figure {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: senders });

for (const [draftsPerRequest, requestsEach] of [
  [1, 150],
  [20, 30],
] as const) {
  const figures: Figure[] = [];
  for (let run = 0; run < runs; run += 1) figures.push(await measure(draftsPerRequest, requestsEach));
  const middle = (of: (figure: Figure) => number) => figures.map(of).toSorted((a, b) => a - b)[1]!;
  console.log(
    `${senders} senders, ${draftsPerRequest} a request: ${Math.round(middle((f) => f.perSecond))} durable messages/s,` +
      ` p50 ${middle((f) => f.p50Ms).toFixed(1)} ms, p99 ${middle((f) => f.p99Ms).toFixed(1)} ms`,
  );
}
agent.destroy();

async function measure(draftsPerRequest: number, requestsEach: number): Promise<Figure> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-bench-'));
  const program = path.join(import.meta.dirname, '../support/serve.ts');
  const server = spawn(process.execPath, [program], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0' },
  });
  try {
    const port = await new Promise<number>((resolve) => {
      server.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
    });
    const url = `http://127.0.0.1:${port}`;
    const people = await Promise.all(
      Array.from({ length: senders }, (_, n) => ApiPerson.signIn(url, `sender${n}`)),
    );
    const times: number[] = [];
    const began = performance.now();
    await Promise.all(
      people.map(async (person, n) => {
        const to = people[(n + 1) % senders]!;
        for (let count = 0; count < requestsEach; count += 1) {
          const drafts = Array.from({ length: draftsPerRequest }, () =>
            person.draft(to, 'A message as people write it.'),
          );
          const at = performance.now();
          await post(port, person.cookie, JSON.stringify({ messages: drafts }));
          times.push(performance.now() - at);
        }
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    const snapshot = await people[1]!.sync();
    const received = snapshot.conversations.find((c) => c.with === people[0]!.me.nick);
    assert.equal(received?.lastSeq, draftsPerRequest * requestsEach, 'every message is there once');
    times.sort((a, b) => a - b);
    return {
      perSecond: (senders * draftsPerRequest * requestsEach) / seconds,
      p50Ms: times[Math.floor(times.length * 0.5)]!,
      p99Ms: times[Math.floor(times.length * 0.99)]!,
    };
  } finally {
    server.kill('SIGKILL');
    rmSync(dataDir, { recursive: true });
  }
}

/** By node:http, because fetch would cost more than the server. */
function post(port: number, cookie: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        agent,
        path: '/api/messages',
        method: 'POST',
        headers: {
          Cookie: cookie,
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('not 200'))));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
