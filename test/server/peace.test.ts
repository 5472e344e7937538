/** Being left in peace, over HTTP and the stream: what passes between two persons, and what does not. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { PeersAnswer } from '../../server/protocol/peers.ts';
import type { Person } from '../../server/protocol/requests.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let ann: ApiPerson;
let bob: ApiPerson;
let pairs = 0;

before(async () => {
  server = await startTestServer({ heartbeatMs: 1_000, graceMs: 50 });
});
after(() => server.remove());
beforeEach(async () => {
  pairs += 1;
  ann = await ApiPerson.signIn(server.url, `ann${pairs}`);
  bob = await ApiPerson.signIn(server.url, `bob${pairs}`);
});

const decide = (me: ApiPerson, peer: ApiPerson, change: object) =>
  me.change(`/api/peers/${peer.me.nick}`, { withId: peer.me.id, ...change });
const peersOf = async (me: ApiPerson) => (await (await me.request('/api/peers')).json()) as PeersAnswer;
const seen = async (viewer: ApiPerson, person: ApiPerson): Promise<Person> => {
  const answer = await viewer.request(`/api/people?search=${person.me.nick}`);
  return ((await answer.json()) as { people: Person[] }).people[0]!;
};
async function listening(person: ApiPerson): Promise<SseReader> {
  const stream = await SseReader.open(person);
  await stream.nextOf('heartbeat');
  return stream;
}
/** The next word about a person, which is not the one of before. */
async function nextAbout(stream: SseReader, person: ApiPerson, online: boolean): Promise<void> {
  for (;;) {
    const { data } = await stream.nextOf('person');
    if (data['id'] === person.me.id && data['online'] === online) return;
  }
}
/** What the stream tells before a message that is sent now. */
async function kindsUntilMessage(stream: SseReader, from: ApiPerson, to: ApiPerson): Promise<string[]> {
  await from.send(from.draft(to, 'the end'));
  const kinds: string[] = [];
  for (let event = await stream.next(); event && event.event !== 'inbox'; event = await stream.next()) {
    if (event.event !== 'heartbeat') kinds.push(event.event);
  }
  return kinds;
}

describe('a block', () => {
  it('is told to the other pages of who made it, and to those of the blocked as somebody who went offline', async () => {
    const anns = await listening(ann);
    const bobs = await listening(bob);
    await decide(ann, bob, { blocked: true });
    assert.deepEqual((await anns.nextOf('peers')).data, {});
    await nextAbout(bobs, ann, false);
    const [peer] = (await peersOf(ann)).peers;
    assert.deepEqual([peer!.person.id, peer!.blocked], [bob.me.id, true]);
    for (const [viewer, person] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      const { online, lastSeen } = await seen(viewer, person);
      assert.deepEqual([online, lastSeen], [false, null]);
      const inSnapshot = (await viewer.sync()).people.find(({ id }) => id === person.me.id)!;
      assert.deepEqual([inSnapshot.online, inSnapshot.lastSeen], [false, null]);
    }
    await decide(ann, bob, { blocked: false });
    await nextAbout(bobs, ann, true);
    anns.close();
    bobs.close();
  });

  it('lets neither presence nor typing pass, also after a restart of the server', async () => {
    await decide(ann, bob, { blocked: true });
    server = await server.restart();
    const cy = await ApiPerson.signIn(server.url, `cy${pairs}`);
    const bobs = await listening(bob);
    const anns = await listening(ann);
    await ann.request('/api/typing', { json: { to: bob.me.nick } });
    await bob.request('/api/typing', { json: { to: ann.me.nick } });
    assert.ok(!(await kindsUntilMessage(anns, cy, ann)).includes('typing'));
    // Their coming and going was told to cy, so that it has been told by the time cy writes.
    const cys = await listening(cy);
    anns.close();
    await nextAbout(cys, ann, false);
    const annsAgain = await listening(ann);
    await nextAbout(cys, ann, true);
    for (const { event, data } of await eventsUntilMessage(bobs, cy, bob)) {
      assert.notEqual(event, 'typing');
      if (event === 'person') assert.notEqual(data['id'], ann.me.id);
    }
    for (const stream of [bobs, cys, annsAgain]) stream.close();
  });
});

async function eventsUntilMessage(stream: SseReader, from: ApiPerson, to: ApiPerson) {
  await from.send(from.draft(to, 'the end'));
  const events = [];
  for (let event = await stream.next(); event && event.event !== 'inbox'; event = await stream.next()) {
    events.push(event);
  }
  return events;
}

describe('a message request', () => {
  it('is told to the pages of whom it is for', async () => {
    const bobs = await listening(bob);
    await ann.send(ann.draft(bob, 'hello'));
    await bobs.nextOf('peers');
    const [peer] = (await peersOf(bob)).peers;
    assert.deepEqual([peer!.person.id, peer!.accepted], [ann.me.id, false]);
    bobs.close();
  });
});

describe('privacy', () => {
  it('hides presence in both directions, and says so at once', async () => {
    const bobs = await listening(bob);
    const anns = await listening(ann);
    await nextAbout(bobs, ann, true);
    await ann.change('/api/settings', { presence: false });
    await nextAbout(bobs, ann, false);
    assert.deepEqual((await peersOf(ann)).settings, { receipts: true, typing: true, presence: false });
    assert.equal((await seen(bob, ann)).lastSeen, null);
    assert.equal((await seen(ann, bob)).online, false, 'who shows none sees none');
    await ann.change('/api/settings', { presence: true });
    await nextAbout(bobs, ann, true);
    assert.equal((await seen(ann, bob)).online, true);
    anns.close();
    bobs.close();
  });

  it('lets no typing pass from who shows none, nor to them', async () => {
    await ann.change('/api/settings', { typing: false });
    const [anns, bobs] = [await listening(ann), await listening(bob)];
    await ann.request('/api/typing', { json: { to: bob.me.nick } });
    await bob.request('/api/typing', { json: { to: ann.me.nick } });
    assert.ok(!(await kindsUntilMessage(bobs, ann, bob)).includes('typing'));
    assert.ok(!(await kindsUntilMessage(anns, bob, ann)).includes('typing'));
    anns.close();
    bobs.close();
  });
});

describe('what is asked for', () => {
  it('is refused of another person than the session’s, and about nobody', async () => {
    const as = bob.me.id;
    const put = (path: string, json: object) => ann.request(path, { method: 'PUT', json });
    assert.equal((await put(`/api/peers/${bob.me.nick}`, { as, muted: true })).status, 409);
    assert.equal((await put('/api/settings', { as, typing: false })).status, 409);
    assert.equal((await put('/api/peers/nobody-at-all', { muted: true })).status, 404);
    assert.equal((await put(`/api/peers/${ann.me.nick}`, { muted: true })).status, 404);
    assert.equal((await put(`/api/peers/${bob.me.nick}`, { muted: 'very' })).status, 400);
  });

  it('as a report has a reason of the few, and a note that is not too long', async () => {
    const report = (more: object) =>
      ann.request('/api/reports', { json: { with: bob.me.nick, reason: 'spam', ...more } });
    assert.equal((await report({ note: 'again and again', messages: [randomUUID()] })).status, 204);
    assert.equal((await report({ reason: 'dislike' })).status, 400);
    assert.equal((await report({ note: 'x'.repeat(1_001) })).status, 400);
    assert.equal((await report({ with: 'nobody-at-all' })).status, 404);
  });
});

describe('limits', () => {
  it('refuse first messages to strangers after 50 a day, and nothing else', async () => {
    const limited = await startTestServer();
    const people: ApiPerson[] = [];
    for (let n = 0; n < 53; n += 1) people.push(await ApiPerson.signIn(limited.url, `p${n}`));
    await limited.close();
    const strict = await startTestServer({ dataDir: limited.dataDir, rateLimits: true });
    const at = (person: ApiPerson) => new ApiPerson(strict.url, person.cookie, person.me);
    const [spammer, friend, ...others] = people.map(at);
    await friend!.send(friend!.draft(spammer!, 'hello'));
    await spammer!.send(...others.slice(0, 50).map((each) => spammer!.draft(each, 'buy this')));
    const [refused, toFriend, known] = await spammer!.send(
      spammer!.draft(others[50]!, 'buy this'),
      spammer!.draft(friend!, 'hi'),
      spammer!.draft(others[0]!, 'hi'),
    );
    assert.deepEqual([refused!.status, refused!.error!.code], ['rejected', 'rate_limited']);
    assert.deepEqual([toFriend!.status, known!.status], ['accepted', 'accepted']);
    await strict.remove();
  });

  it('hold reports after ten a day', async () => {
    const strict = await startTestServer({ rateLimits: true });
    const [one, other] = [
      await ApiPerson.signIn(strict.url, 'one'),
      await ApiPerson.signIn(strict.url, 'other'),
    ];
    const statuses = [];
    for (let n = 0; n < 11; n += 1) {
      const json = { with: other.me.nick, reason: 'something-else' };
      statuses.push((await one.request('/api/reports', { json })).status);
    }
    assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 204), 429]);
    await strict.remove();
  });
});
