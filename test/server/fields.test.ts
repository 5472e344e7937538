/** What a request may set, and what an answer tells of somebody else: these fields, and no more. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let ann: ApiPerson;
let bob: ApiPerson;
before(async () => {
  server = await startTestServer();
  ann = await ApiPerson.signIn(server.url, 'ann');
  bob = await ApiPerson.signIn(server.url, 'bob');
});
after(() => server.remove());

async function answer<T>(path: string): Promise<T> {
  return (await (await ann.request(path)).json()) as T;
}

describe('of somebody else', () => {
  it('one is told id, nick and presence, wherever they are named', async () => {
    await ann.change('/api/peers/bob', { muted: true });
    const { people } = await answer<{ people: object[] }>('/api/people');
    const { peers } = await answer<{ peers: { person: object }[] }>('/api/peers');
    const named = [...people, ...(await ann.sync()).people, ...peers.map(({ person }) => person)];
    assert.ok(named.length >= 4);
    for (const person of named) assert.deepEqual(Object.keys(person), ['id', 'nick', 'lastSeen', 'online']);
  });
});

describe('a request', () => {
  it('sets nothing beyond its form: neither who, nor when, nor in which place', async () => {
    const forged = { from: 'bob', fromId: bob.me.id, seq: 99, acceptedAt: '2000-01-01T00:00:00Z' };
    const [result] = await ann.send({ ...ann.draft(bob, 'hello'), ...forged });
    const { message } = result!;
    assert.deepEqual([message!.from, message!.fromId, message!.seq], ['ann', ann.me.id, 1]);
    assert.notEqual(message!.acceptedAt, forged.acceptedAt);

    const id = randomUUID();
    const response = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ nick: 'carol', id, me: { id }, bannedUntil: null, isAdmin: true }),
    });
    const { me } = (await response.json()) as { me: { id: string } };
    assert.notEqual(me.id, id);
    assert.deepEqual(Object.keys(me), ['id', 'nick', 'lastSeen', 'online']);
  });

  it('has each parameter once: of two nobody is taken', async () => {
    assert.equal((await ann.request('/api/messages?with=bob&with=ann')).status, 400);
    assert.equal((await ann.request('/api/messages?with[]=bob')).status, 400);
    const { people } = await answer<{ people: object[] }>('/api/people?search=ann&search=bob');
    assert.ok(people.length >= 2, 'looked for nobody');
  });
});
