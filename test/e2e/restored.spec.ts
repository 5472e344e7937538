/**
 * The server's data went back in time: an older copy was put in place behind its back. The devices notice, and bring back
 * what they still hold: every message is there once, in the same order for both.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 30_000 };

let server: TestServer;
let backup: string;
let ann: Phone;
let bob: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  backup = mkdtempSync(path.join(tmpdir(), 'opentalk-backup-'));
  ann = await Phone.take(browser, server.port);
  bob = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await bob.select('ann');
});

test.afterEach(async () => {
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  await ann.putAway();
  await bob.putAway();
  await server.remove();
  rmSync(backup, { recursive: true });
});

/** Stops the server, does something with its files, and starts it anew on the same port. */
async function behindItsBack(work: (dataDir: string) => void): Promise<void> {
  ann.network.down();
  bob.network.down();
  const { port, dataDir } = server;
  await server.close();
  work(dataDir);
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000, port, dataDir });
}

const takeBackup = () => behindItsBack((dataDir) => cpSync(dataDir, backup, { recursive: true }));
const putBackupBack = () =>
  behindItsBack((dataDir) => {
    rmSync(dataDir, { recursive: true });
    cpSync(backup, dataDir, { recursive: true });
  });

/** `npm run backup` and `npm run restore`. */
function command(name: 'backup' | 'restore', dataDir: string, file: string): void {
  execFileSync(process.execPath, [path.join(import.meta.dirname, `../../server/${name}.ts`), file], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function back(...phones: Phone[]): Promise<void> {
  for (const phone of phones) {
    phone.network.up();
    await phone.page.evaluate(() => window.dispatchEvent(new Event('online')));
  }
}

/** What the server holds of the conversation, oldest first. */
async function onTheServer(): Promise<string[]> {
  return ann.page.evaluate(async () => {
    const response = await fetch('/api/messages?with=bob');
    if (!response.ok) return [`${response.status}`];
    const { messages } = (await response.json()) as { messages: { text: string }[] };
    return messages.map(({ text }) => text);
  });
}

/** The server has it all, each once; both show it as it stands there (not as it stood before), and nothing waits any more. */
async function agreeOn(texts: string[]): Promise<void> {
  await expect.poll(async () => (await onTheServer()).toSorted(), patient).toEqual(texts.toSorted());
  const inOrder = await onTheServer();
  await expect.poll(() => ann.texts(), patient).toEqual(inOrder);
  await expect.poll(() => bob.texts(), patient).toEqual(inOrder);
  await ann.allOwnAre('Read');
  await bob.allOwnAre('Read');
  expect([await ann.texts(), await bob.texts()]).toEqual([inOrder, inOrder]);
}

test('a restored backup: both devices bring back what it lacks, once and in the same order', async () => {
  await ann.write('before the backup');
  await bob.reads('before the backup');
  await takeBackup();
  await back(ann, bob);
  await ann.write('lost 1');
  await bob.reads('before the backup', 'lost 1');
  await bob.write('lost 2');
  await ann.reads('lost 1', 'lost 2');
  await ann.write('lost 3');
  await bob.reads('lost 2', 'lost 3');
  await putBackupBack();
  await back(ann, bob);
  await agreeOn(['before the backup', 'lost 1', 'lost 2', 'lost 3']);
  await ann.write('and on it goes');
  await bob.reads('and on it goes');
  await agreeOn(['before the backup', 'lost 1', 'lost 2', 'lost 3', 'and on it goes']);
});

test('a backup that is put back by the command: another life of the data, and nothing is lost', async () => {
  await ann.write('before the backup');
  await bob.reads('before the backup');
  const file = path.join(backup, 'copy.db');
  command('backup', server.dataDir, file);
  await bob.write('lost 1');
  await ann.reads('lost 1');
  await ann.write('lost 2');
  await bob.reads('lost 1', 'lost 2');
  await behindItsBack((dataDir) => command('restore', dataDir, file));
  await back(ann, bob);
  await agreeOn(['before the backup', 'lost 1', 'lost 2']);
});

test('a device that comes back later brings its part later, also from a start', async () => {
  await ann.write('before the backup');
  await bob.reads('before the backup');
  await takeBackup();
  await back(ann, bob);
  await bob.write('lost, by bob');
  await ann.reads('lost, by bob');
  await ann.write('lost, by ann');
  await bob.reads('lost, by ann');
  await bob.enterTunnel();
  await bob.write('written in the tunnel');
  await bob.closeApp();
  await putBackupBack();
  await back(ann);
  await expect.poll(async () => (await ann.states()).at(-1), { timeout: 20_000 }).toBe('Sent');
  // What bob wrote is not on the server; it can still be read here, where it stood.
  expect(await ann.texts()).toEqual(['before the backup', 'lost, by bob', 'lost, by ann']);
  await ann.write('after the restore');
  await expect
    .poll(async () => (await ann.states()).slice(-2), { timeout: 20_000 })
    .toEqual(['Sent', 'Sent']);
  bob.network.up();
  await bob.leaveTunnel();
  await bob.openApp('/c/ann');
  await agreeOn([
    'before the backup',
    'lost, by bob',
    'lost, by ann',
    'written in the tunnel',
    'after the restore',
  ]);
});

test('a walk back that is cut off half-way is taken up at the next start', async () => {
  await ann.write('before the backup');
  await bob.write('yes, before');
  await ann.reads('before the backup', 'yes, before');
  await takeBackup();
  await back(ann, bob);
  await ann.write('lost');
  await bob.reads('lost');
  await putBackupBack();
  // The snapshot never comes through, so that only the reason is remembered.
  await ann.context.route('**/api/sync', (route) => route.abort());
  const asked = ann.page.waitForRequest('**/api/sync');
  await back(ann);
  await asked;
  await ann.closeApp();
  await ann.context.unroute('**/api/sync');
  await back(bob);
  await ann.openApp('/c/bob');
  await agreeOn(['before the backup', 'yes, before', 'lost']);
});

test('retention: the device takes a snapshot and goes on, with everything it had', async () => {
  await ann.write('one');
  await bob.write('two');
  await ann.reads('one', 'two');
  // Nobody waits for days here: the answer to one opening of the stream is played.
  let played = 0;
  await ann.context.route('**/api/events?*', async (route) => {
    if (played++ > 0) return route.continue();
    const me = await ann.page.evaluate(async () => (await (await fetch('/api/session')).json()).me);
    const ack = `event: ack\ndata: ${JSON.stringify({ me, resumed: true, heartbeat: 2 })}\n\n`;
    const reset = `id: x.9.000000000000\nevent: reset\ndata: {"reason":"retention"}\n\n`;
    await route.fulfill({ contentType: 'text/event-stream', body: ack + reset });
  });
  const snapshot = ann.page.waitForRequest('**/api/sync');
  ann.network.cut();
  await back(ann);
  await snapshot;
  await bob.write('three');
  await ann.reads('one', 'two', 'three');
  expect(ann.network.sent()).not.toContain('x.9.000000000000');
});
