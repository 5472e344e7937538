/** A thread of the store that is no more: the process ends, a supervisor starts it anew, and nothing was promised in vain. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ChildServer } from '../support/child-server.ts';
import { withChanges, type SourceChange } from '../support/changed-source.ts';
import { ApiPerson } from '../support/person.ts';
import { SteadyDevice, textsBetween } from '../support/steady-device.ts';

const preload = pathToFileURL(path.join(import.meta.dirname, '../support/ended-thread.ts')).href;

describe('a thread of the store that dies', { timeout: 120_000 }, () => {
  let dataDir: string;
  let server: ChildServer;
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-thread-'));
  });
  afterEach(async () => {
    await server.kill();
    rmSync(dataDir, { recursive: true });
  });

  /** Devices send while `end` ends a thread; then the server is started anew, and has what it acknowledged. */
  async function survives(begun: ChildServer, end: () => void | Promise<void>, words: RegExp): Promise<void> {
    server = begun;
    const { url, port } = begun;
    const [bob, ...senders] = await Promise.all(
      ['bob', 'ann', 'cleo', 'dan'].map((nick) => ApiPerson.signIn(url, nick)),
    );
    const devices = senders.map((sender) => new SteadyDevice(sender, bob!));
    const over = new AbortController();
    const sending = devices.map((device) => device.sendUntil(over.signal));
    while (devices.some(({ acknowledged }) => acknowledged.length < 20)) await new Promise(setImmediate);
    await end();
    assert.equal(await begun.ended, 1);
    assert.match(begun.fatalLines().join(), words);

    server = await ChildServer.start({ dataDir, port });
    over.abort();
    await Promise.all(sending);
    for (const [n, device] of devices.entries()) {
      assert.deepEqual(await textsBetween(bob!, senders[n]!), device.acknowledged, 'each once, in order');
    }
  }

  for (const thread of ['sqlite-writer', 'sqlite-reader']) {
    it(`ends the process when ${thread} is ended from outside, under load, and nothing is lost`, async () => {
      const begun = await ChildServer.start({
        dataDir,
        execArgv: ['--import', preload],
        env: { END_THREAD: thread },
      });
      await survives(begun, () => begun.signal('SIGUSR2'), /the store has failed: .*thread .*has ended/);
    });
  }

  it('ends the process when the writer throws between commit and answer', async () => {
    const bug: SourceChange = {
      file: 'server/store/sqlite-writer.ts',
      from: "reply({ kind: 'answers', answers });",
      to: "if (answers.some((answer) => JSON.stringify(answer).includes('now'))) throw new Error('a bug'); reply({ kind: 'answers', answers });",
    };
    const begun = await ChildServer.start({ dataDir, ...withChanges([bug]) });
    const trigger = async () => {
      const eve = await ApiPerson.signIn(begun.url, 'eve');
      await assert.rejects(eve.send(eve.draft('eve', 'now')));
    };
    await survives(begun, trigger, /the store has failed: a bug/);
  });
});
