/**
 * The server does nothing for two seconds (a loop at a failpoint: garbage collection, a neighbour on the machine). Devices
 * take no notice: the stream stays, the watchdog keeps quiet, and what was sent meanwhile arrives.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { silentHeartbeats } from '../../server/protocol/events.ts';
import { ApiPerson } from '../support/person.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Browser, type Way } from '../support/sim/browser.ts';
import { pageModules } from '../support/sim/module-graphs.ts';
import { realSurroundings, wayOverHttp } from '../support/sim/real-surroundings.ts';
import { SseReader } from '../support/sse-reader.ts';

/** A fifth of the usual, so that the test is short: two seconds are all the more to it. */
const heartbeatMs = 3_000;
const busyMs = 2_000;
const messages = 20;

const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-busy-'));
let server: ServerProcess;
let url: string;
let browser: Browser | undefined;
before(async () => {
  const settings = { HEARTBEAT_MS: String(heartbeatMs), TEST_FAILPOINT: `received:2:busy ${busyMs}` };
  server = new ServerProcess(dataDir, 0, settings);
  url = `http://127.0.0.1:${await server.ready()}`;
});
after(async () => {
  browser?.crash();
  await server.kill();
  rmSync(dataDir, { recursive: true });
});

describe('a server that is busy for two seconds', () => {
  it('keeps its streams and loses nothing, and no device takes it for dead', async (t) => {
    const ann = await ApiPerson.signIn(url, 'ann');
    const bob = await ApiPerson.signIn(url, 'bob');
    const way = wayOverHttp(url, bob.cookie);
    let openings = 0;
    const counted: Way = {
      ...way,
      openStream(...rest) {
        openings += 1;
        return way.openStream(...rest);
      },
    };
    browser = new Browser(bob.me, realSurroundings, counted);
    const tab = browser.openTab(await pageModules(0));
    const stream = await SseReader.open(bob);
    await ann.send(ann.draft(bob, 'before'));
    await stream.nextOf('inbox');
    await stream.nextOf('heartbeat');

    const began = performance.now();
    const drafts = Array.from({ length: messages }, (_, n) => ann.draft(bob, `during ${n}`));
    const answers = Promise.all(drafts.map((draft) => ann.send(draft)));
    await stream.nextOf('inbox');
    const silentMs = performance.now() - began;
    assert.ok(silentMs >= busyMs - 100, `it was busy for ${silentMs} ms only`);
    for (const [result] of await answers) assert.equal(result!.status, 'accepted');
    for (let more = 1; more < messages; more += 1) await stream.nextOf('inbox');
    // Two beats later the watchdog would have barked.
    for (let beats = 0; beats < 2; beats += 1) await stream.nextOf('heartbeat');

    const { messages: shown } = await tab.run(() => tab.readThread(ann.me.id, 100));
    assert.deepEqual(
      shown.map(({ text }) => text).toSorted(),
      ['before', ...drafts.map(({ text }) => text)].toSorted(),
    );
    assert.equal(openings, 1, 'the device opened its stream once and for all');
    t.diagnostic(
      `nothing came for ${Math.round(silentMs)} ms; a device waits for ${silentHeartbeats * heartbeatMs} ms`,
    );
    stream.close();
  });
});
