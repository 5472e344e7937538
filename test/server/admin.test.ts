/** The operator's command, run as a process, beside a running server and without one. */
import assert from 'node:assert/strict';
import { userInfo } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { run } from './copies/command.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.remove());

async function admin(...words: string[]): Promise<string> {
  const { code, out, err } = await run('admin', { dataDir: server.dataDir }, ...words);
  assert.deepEqual([code, err], [0, ''], words.join(' '));
  return out.trim();
}

const signIn = (nick: string) =>
  fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ nick }),
  });

describe('a ban', () => {
  it('closes the streams of a running server within a second, keeps the nick, and is said at the sign-in', async () => {
    const mal = await ApiPerson.signIn(server.url, 'mal');
    const stream = await SseReader.open(mal);
    await stream.nextOf('heartbeat');
    assert.match(await admin('ban', 'MAL'), /^MAL is banned for good\.$/);
    const banned = performance.now();
    while (await stream.next());
    assert.ok(performance.now() - banned < 1_000, 'its stream ends within a second');
    assert.equal((await mal.request('/api/sync')).status, 401);
    const again = await signIn('mal');
    assert.deepEqual([again.status, ((await again.json()) as { code: string }).code], [403, 'banned']);
    const otherNick = await mal.request('/api/session', { json: { nick: 'innocent' } });
    assert.equal(otherNick.status, 403, 'nor with another nick from the same browser');
    const signedOut = await mal.request('/api/session', { method: 'DELETE' });
    assert.deepEqual(signedOut.headers.getSetCookie(), [], 'signing out gives up neither session nor nick');
    assert.equal((await signIn('mal')).status, 403);
    assert.match(await admin('people', 'mal'), /^mal: 1 devices, .*banned for good$/);
  });

  it('ends by itself, and by the command: then the person is back', async () => {
    const pat = await ApiPerson.signIn(server.url, 'pat');
    assert.match(await admin('ban', 'pat', '--days', '3'), /until \d{4}-/);
    server = await server.restart();
    assert.equal((await pat.request('/api/sync')).status, 401, 'it outlives a restart');
    await admin('unban', 'pat');
    server = await server.restart();
    assert.equal((await pat.request('/api/sync')).status, 200);
    await admin('ban', 'pat', '--days', '3');
    const { dataDir } = server;
    await server.close();
    const later = await startTestServer({ dataDir, now: () => new Date(Date.now() + 4 * 86_400_000) });
    const there = new ApiPerson(later.url, pat.cookie, pat.me);
    assert.equal((await there.request('/api/sync')).status, 200);
    await later.close();
    server = await startTestServer({ dataDir });
  });
});

describe('reports', () => {
  it('are listed and shown with the texts that were handed over, and no others, until they are done', async () => {
    const ann = await ApiPerson.signIn(server.url, 'ann');
    const eve = await ApiPerson.signIn(server.url, 'eve');
    const nasty = eve.draft(ann, 'something nasty\nforged \u202e');
    const secret = eve.draft(ann, 'between us');
    await eve.send(nasty, secret);
    const note = 'please look';
    const report = { with: 'eve', reason: 'harassment', note, messages: [nasty.id] };
    assert.equal((await ann.request('/api/reports', { json: report })).status, 204);

    const [, n] = /^(\d+): \S+ ann about eve: harassment$/.exec(await admin('reports'))!;
    const shown = await admin('report', n!);
    assert.match(shown, /Note: "please look"/);
    assert.match(shown, /eve: "something nasty\\nforged \\u202e"/, 'nothing in it steers a terminal');
    assert.doesNotMatch(shown, /between us/);
    await admin('report', n!, '--done');
    assert.equal(await admin('reports'), 'No reports.');
    assert.match(await admin('reports', '--all'), /, done /);
  });

  it('lose the texts of who is deleted', async () => {
    const gil = await ApiPerson.signIn(server.url, 'gil');
    const hal = await ApiPerson.signIn(server.url, 'hal');
    const said = hal.draft(gil, 'said by hal');
    await hal.send(said);
    const report = { with: 'hal', reason: 'spam', note: 'noted by gil', messages: [said.id] };
    await gil.request('/api/reports', { json: report });
    const [, n] = /^(\d+): \S+ gil about hal/m.exec(await admin('reports'))!;
    await hal.request('/api/me', { method: 'DELETE', json: { nick: 'hal' } });
    assert.doesNotMatch(await admin('report', n!), /said by hal/);
    assert.match(await admin('report', n!), /noted by gil/);
    await gil.request('/api/me', { method: 'DELETE', json: { nick: 'gil' } });
    assert.doesNotMatch(await admin('report', n!), /noted by gil/);
  });
});

describe('the audit log', () => {
  it('says who did what and when, and never what anybody wrote', async () => {
    const { username } = userInfo();
    const lines = (await admin('audit')).split('\n');
    assert.match(lines[0]!, new RegExp(`^\\d{4}-\\S+Z ${username} banned MAL for good$`));
    assert.ok(lines.some((line) => line.includes('read report')));
    assert.ok(!lines.some((line) => line.includes('nasty')));
  });
});

describe('the command', () => {
  it('works without a server, too', async () => {
    const { dataDir } = server;
    await server.close();
    assert.match(await admin('devices', 'ann'), /^signed in since /);
    await admin('ban', 'eve');
    server = await startTestServer({ dataDir });
    assert.equal((await signIn('eve')).status, 403);
  });

  it('says what it can do, and what it cannot', async () => {
    const { dataDir } = server;
    for (const words of [[], ['dance'], ['ban'], ['ban', 'a', 'b'], ['report', 'x'], ['--all-of-it']]) {
      const { code, err } = await run('admin', { dataDir }, ...words);
      assert.equal(code, 1, words.join(' '));
      assert.match(err, /^The command was not done\./);
    }
    assert.match((await run('admin', { dataDir }, 'ban', 'nobody')).err, /Nobody is called 'nobody'\./);
    assert.match((await run('admin', { dataDir: '/nowhere' }, 'people')).err, /no data/);
  });
});
