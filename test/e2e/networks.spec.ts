/**
 * The networks that people really have: half dead, holding back, cutting off, answering in the server's place, slow.
 * On each of them everything arrives once and in order, and nobody has to do anything for it.
 */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 20_000 };
/** More than fits into this gathers somewhere on the way before any of it is passed on. */
const bufferBytes = 64 * 1024;
/** Nobody is there; the portal's host is a port of this machine on which nothing listens. */
const portal = { status: 302, headers: { Location: 'http://127.0.0.1:1/login' } };
const portalPage = { status: 200, body: '<!doctype html><title>Wi-Fi</title><h1>Please sign in</h1>' };

let server: TestServer;
let ann: Phone;
let bob: Phone;

// One conversation, through one network after the other.
test.beforeAll(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 1_000 });
  ann = await Phone.take(browser, server.port);
  bob = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await bob.select('ann');
  await bob.write('hello');
  await ann.reads('hello');
});

test.afterEach(async () => {
  // Where a portal leads to is somewhere that the page may not go.
  const complaints = [...ann.complaints, ...bob.complaints].filter((text) => !text.includes('127.0.0.1:1/'));
  expect(complaints).toEqual([]);
  ann.network.up();
  for (const match of ['/api/', 'stream=']) ann.network.inject(match, { status: 200 }, 0);
  // What the page has learnt of one network is forgotten for the next.
  const before = streams(ann);
  await ann.page.reload();
  await expect.poll(() => streams(ann), patient).toBeGreaterThan(before);
});

test.afterAll(async () => {
  await ann.putAway();
  await bob.putAway();
  await server.remove();
});

const count = (phone: Phone, pattern: RegExp) => phone.network.sent().match(pattern)?.length ?? 0;
const streams = (phone: Phone) => count(phone, /GET \/api\/events\?after=[^ ]*stream=/g);
const polls = (phone: Phone) => count(phone, /GET \/api\/events\?after=[^ ]*wait=/g);
const subtitle = (phone: Phone, text: string) => phone.page.getByRole('paragraph').filter({ hasText: text });
const status = (phone: Phone) => phone.page.getByRole('main').getByRole('status');

/** The browser believes that the network has changed. */
function noticeNetwork(phone: Phone): Promise<unknown> {
  return phone.page.evaluate(() => window.dispatchEvent(new Event('online')));
}

/** Both have the same, each once, and at the end of it these. A page that was reloaded shows no more than the latest. */
async function agree(...texts: string[]): Promise<void> {
  await bob.reads(...texts);
  await ann.reads(...texts);
  const latest = (await ann.texts()).slice(-40);
  expect((await bob.texts()).slice(-40)).toEqual(latest);
  expect(latest).toHaveLength(new Set(latest).size);
}

test('behind a proxy that holds streams back, news comes by asking; the stream comes back on a network that lets it', async () => {
  ann.network.buffer(bufferBytes);
  await noticeNetwork(ann);
  await bob.write('through the buffer');
  await ann.reads('through the buffer');
  // The stream was given up for the polls: nothing else is under way for long.
  await expect.poll(() => polls(ann), patient).toBeGreaterThan(1);
  await expect(status(ann)).toHaveText('');
  await ann.write('and back');
  await agree('through the buffer', 'and back');
  await ann.allOwnAre('Read');
  await expect(subtitle(ann, 'online')).toBeVisible();

  const before = streams(ann);
  ann.network.buffer(0);
  await noticeNetwork(ann);
  await expect.poll(() => streams(ann), patient).toBeGreaterThan(before);
  // Typing is said on streams only.
  await expect(async () => {
    await bob.page.getByRole('textbox', { name: 'Message' }).pressSequentially('x');
    await expect(subtitle(ann, 'typing…')).toBeVisible({ timeout: 1_000 });
  }).toPass(patient);
  const asked = polls(ann);
  await bob.write('by the stream');
  await agree('through the buffer', 'and back', 'by the stream');
  expect(polls(ann)).toBe(asked);
});

test('an app that is opened behind such a proxy catches up and keeps its place in the inbox', async () => {
  await ann.closeApp();
  ann.network.buffer(bufferBytes);
  for (const text of ['one', 'two', 'three']) await bob.write(text);
  await ann.openApp('/c/bob');
  await agree('one', 'two', 'three');
  await ann.page.reload();
  await bob.write('four');
  await agree('one', 'two', 'three', 'four');
});

test('a connection that the network has forgotten is noticed by its silence, and what was missed comes', async () => {
  ann.network.halfOpen();
  await bob.write('into the void');
  await ann.write('from the void');
  await ann.reads('into the void', 'from the void');
  await ann.allOwnAre('Read');
  await bob.reads('into the void', 'from the void');
});

test('a message that waits on a dead connection goes out as soon as the network is back, not when its time is up', async () => {
  const posts = count(ann, /POST \/api\/messages/g);
  ann.network.stall();
  await ann.write('into the dead socket');
  await expect.poll(() => count(ann, /POST \/api\/messages/g), patient).toBeGreaterThan(posts);
  // Long enough on its way to be suspicious.
  await expect(status(ann)).toContainText('Offline', patient);
  ann.network.halfOpen();
  ann.network.up();
  const back = Date.now();
  await noticeNetwork(ann);
  await expect
    .poll(() => bob.texts(), { intervals: [20], timeout: 10_000 })
    .toContain('into the dead socket');
  console.info(`delivered ${Date.now() - back} ms after the network was back`);
  await agree('into the dead socket');
});

test('a replay that stops in the middle goes on from where it was, and nothing is missing or doubled', async () => {
  await ann.enterTunnel();
  const texts = Array.from({ length: 12 }, (_, at) => `${at + 1} ${'x'.repeat(200)}`);
  for (const text of texts) await bob.write(text);
  await expect(status(ann)).toContainText('Offline', patient);
  await ann.leaveTunnel();
  ann.network.drip(2_000);
  await noticeNetwork(ann);
  await expect.poll(async () => (await ann.texts()).length, patient).toBeGreaterThan(2);
  ann.network.halfOpen();
  ann.network.drip(0);
  await agree(...texts);
});

test('connections that a proxy cuts at a certain age cost nobody anything, and idle ones are kept by the heartbeat', async () => {
  const before = streams(ann);
  ann.network.cutIdleAfter(2_500);
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(streams(ann)).toBe(before);
  ann.network.cutIdleAfter(0);

  ann.network.cutAtAge(1_500);
  const texts = Array.from({ length: 8 }, (_, at) => `at age ${at + 1}`);
  for (const [at, text] of texts.entries()) {
    await (at % 2 === 0 ? ann : bob).write(text);
    await ann.reads(text);
    await expect(status(ann)).toHaveText('');
  }
  await agree(...texts);
  expect(streams(ann)).toBeGreaterThan(before);
  ann.network.cutAtAge(0);
});

test('a portal that answers for the server gets nothing and spoils nothing; afterwards all goes out by itself', async () => {
  ann.network.inject('/api/', portalPage, Infinity);
  ann.network.cut();
  await ann.write('not for the portal');
  await expect(status(ann)).toContainText('Offline', patient);
  await expect.poll(async () => (await ann.states()).at(-1), patient).toBe('Queued');
  ann.network.inject('/api/', portal, Infinity);
  await noticeNetwork(ann);
  await ann.write('nor this');
  await expect(status(ann)).toContainText('2 messages', patient);
  await expect.poll(async () => (await ann.states()).slice(-2), patient).toEqual(['Queued', 'Queued']);
  await bob.write('meanwhile');
  ann.network.inject('/api/', portal, 0);
  await ann.allOwnAre('Read');
  await bob.reads('meanwhile', 'not for the portal', 'nor this');
  await expect.poll(() => ann.texts(), patient).toEqual(await bob.texts());
});

test('a proxy that refuses streams but lets other requests through is got along with by asking', async () => {
  ann.network.inject('stream=', { status: 403, body: 'Streams are not allowed here.' }, Infinity);
  ann.network.cut();
  await bob.write('around the proxy');
  await ann.reads('around the proxy');
  await expect.poll(() => polls(ann), patient).toBeGreaterThan(1);
  await expect(status(ann)).toHaveText('', patient);
});

test('whatever a proxy answers while the server is away, at the start and later, the stream comes back', async () => {
  for (const answer of [502, 503, 504, 429]) {
    ann.network.inject('GET /api/events', { status: answer, body: 'Sorry.' });
    ann.network.cut();
    await bob.write(`after ${answer}`);
    await ann.reads(`after ${answer}`);
  }
  await ann.closeApp();
  ann.network.inject('GET /api/events', { status: 502, body: 'Sorry.' });
  await ann.openApp('/c/bob');
  await bob.write('after a bad start');
  await agree('after 502', 'after 503', 'after 504', 'after 429', 'after a bad start');
});

test('a server that asks to be left alone for a while is', async () => {
  const busy = { status: 503, headers: { 'Retry-After': '4' }, body: 'Busy.' };
  const questions = count(ann, /GET \/api\/session/g);
  ann.network.inject('GET /api/events', busy);
  ann.network.inject('GET /api/session', busy);
  ann.network.cut();
  // Why did the stream fail?
  await expect.poll(() => count(ann, /GET \/api\/session/g), patient).toBeGreaterThan(questions);
  const [asked, since] = [streams(ann), Date.now()];
  await expect.poll(() => streams(ann), { intervals: [20], ...patient }).toBeGreaterThan(asked);
  expect(Date.now() - since).toBeGreaterThan(3_500);
  await bob.write('with patience');
  await ann.reads('with patience');
});

test('a server that is away is not hammered', async () => {
  await ann.write('for later');
  await ann.allOwnAre('Read');
  ann.network.down();
  await ann.write('queued');
  await expect(status(ann)).toContainText('1 message', patient);
  const [before, since] = [ann.network.accepted(), Date.now()];
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const tries = ann.network.accepted() - before;
  console.info(`${tries} connections in ${Date.now() - since} ms`);
  // A try is a stream, and the question why it failed; what waits knocks for itself, once a second at most.
  expect(tries).toBeLessThan(17);
  ann.network.up();
  await noticeNetwork(ann);
  await ann.allOwnAre('Read');
});

test('a request that the network says twice makes one message', async () => {
  ann.network.duplicate('POST /api/messages');
  await ann.write('said twice');
  await ann.allOwnAre('Read');
  await bob.write('heard once');
  await agree('said twice', 'heard once');
});

test('a network that comes and goes every other second is survived, and all is there soon after', async () => {
  const sent: string[] = [];
  for (let round = 1; round <= 3; round += 1) {
    ann.network.down();
    await ann.write(`ann ${round}`);
    await bob.write(`bob ${round}`);
    sent.push(`ann ${round}`, `bob ${round}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ann.network.up();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await ann.allOwnAre('Read');
  await expect
    .poll(async () => (await ann.texts()).slice(-sent.length).toSorted(), patient)
    .toEqual(sent.toSorted());
  await expect.poll(() => bob.texts(), patient).toEqual(await ann.texts());
});

test('over a slow line what waits goes out without being sent again and again', async () => {
  await ann.enterTunnel();
  const texts = Array.from({ length: 20 }, (_, at) => `${at + 1} ${'y'.repeat(1_000)}`);
  for (const text of texts) await ann.write(text);
  await expect(status(ann)).toContainText('20 messages', patient);
  await ann.leaveTunnel();
  ann.network.delay(1_000);
  ann.network.drip(6_250);
  const posts = count(ann, /POST \/api\/messages/g);
  await noticeNetwork(ann);
  await bob.reads(...texts);
  await expect.poll(() => ann.states(), patient).not.toContain('Queued');
  expect(count(ann, /POST \/api\/messages/g) - posts).toBeLessThanOrEqual(2);
  await agree(...texts);
  await expect(subtitle(ann, 'online')).toBeVisible();
});
