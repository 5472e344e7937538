/**
 * Who gets what: every route that the server really has × everybody who may come. A route without a row fails.
 *
 * A status is not all: nobody but ann and bob sees their secret, nobody's request changes anything of theirs, and no page
 * of another origin can read an answer, also where the table says 200: it reads by GET, which is not refused, but no
 * answer has a CORS header.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createApp } from '../../server/app.ts';
import type { Parts } from '../../server/http/parts.ts';
import { call, type Heard } from '../support/caller.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

/**
 * `nobody` has not signed in, and a guest has just now; `other` is carol, who chats with both; `blocked` is dave, whom both
 * have blocked: no status tells him so. `crossSite` is a page of another site in ann's browser, `sibling` one of another
 * port of this host; her cookie goes along with both.
 */
const callers = ['ann', 'nobody', 'guest', 'other', 'blocked', 'revoked', 'crossSite', 'sibling'] as const;
type Caller = (typeof callers)[number];

// prettier-ignore
const matrix: Record<string, Record<Caller, number>> = {
  'POST /api/session':        { ann: 201, nobody: 201, guest: 201, other: 201, blocked: 201, revoked: 201, crossSite: 403, sibling: 403 },
  'GET /api/session':         { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'DELETE /api/session':      { ann: 204, nobody: 204, guest: 204, other: 204, blocked: 204, revoked: 204, crossSite: 403, sibling: 403 },
  'GET /api/people':          { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'POST /api/messages':       { ann: 200, nobody: 401, guest: 409, other: 409, blocked: 409, revoked: 401, crossSite: 403, sibling: 403 },
  'GET /api/messages':        { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'GET /api/messages/digest': { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'POST /api/receipts':       { ann: 204, nobody: 401, guest: 204, other: 204, blocked: 204, revoked: 401, crossSite: 403, sibling: 403 },
  'POST /api/typing':         { ann: 204, nobody: 401, guest: 204, other: 204, blocked: 204, revoked: 401, crossSite: 403, sibling: 403 },
  'GET /api/sync':            { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'GET /api/events':          { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 403, sibling: 403 },
  'GET /api/peers':           { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'PUT /api/peers/:nick':     { ann: 204, nobody: 401, guest: 204, other: 204, blocked: 204, revoked: 401, crossSite: 403, sibling: 403 },
  'PUT /api/settings':        { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 403, sibling: 403 },
  'POST /api/reports':        { ann: 204, nobody: 401, guest: 204, other: 204, blocked: 204, revoked: 401, crossSite: 403, sibling: 403 },
  'GET /api/devices':         { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'DELETE /api/devices/:id':  { ann: 204, nobody: 401, guest: 204, other: 204, blocked: 204, revoked: 401, crossSite: 403, sibling: 403 },
  'DELETE /api/devices':      { ann: 204, nobody: 401, guest: 204, other: 204, blocked: 204, revoked: 401, crossSite: 403, sibling: 403 },
  'GET /api/export':          { ann: 200, nobody: 401, guest: 200, other: 200, blocked: 200, revoked: 401, crossSite: 200, sibling: 200 },
  'DELETE /api/me':           { ann: 204, nobody: 401, guest: 409, other: 204, blocked: 204, revoked: 401, crossSite: 403, sibling: 403 },
  'POST /api/policy-reports': { ann: 204, nobody: 204, guest: 204, other: 204, blocked: 204, revoked: 204, crossSite: 403, sibling: 403 },
  'GET /readyz':              { ann: 200, nobody: 200, guest: 200, other: 200, blocked: 200, revoked: 200, crossSite: 200, sibling: 200 },
  'GET /healthz':             { ann: 200, nobody: 200, guest: 200, other: 200, blocked: 200, revoked: 200, crossSite: 200, sibling: 200 },
};

const secret = 'what only ann and bob know';
let server: TestServer;
let url: string;
let ann: ApiPerson;
let bob: ApiPerson;
let carol: ApiPerson;
let dave: ApiPerson;
/** Of ann's inbox, before the secret. */
let start: string;

before(async () => {
  server = await startTestServer();
  url = `http://127.0.0.1:${server.port}`;
  ann = await ApiPerson.signIn(url, 'ann');
  bob = await ApiPerson.signIn(url, 'bob');
  carol = await ApiPerson.signIn(url, 'carol');
  dave = await ApiPerson.signIn(url, 'dave');
  await carol.send(carol.draft(ann, 'hello'), carol.draft(bob, 'hello'));
  start = (await ann.sync()).cursor;
  await ann.send(ann.draft(bob, secret));
  for (const one of [ann, bob]) await one.change('/api/peers/dave', { blocked: true });
});
after(() => server.remove());

let people = 0;
const somebodyNew = () => ApiPerson.signIn(url, `somebody${(people += 1)}`);

/** The headers that a request of theirs has. */
async function headersOf(caller: Caller): Promise<Record<string, string>> {
  switch (caller) {
    case 'ann':
      return { Cookie: ann.cookie };
    case 'nobody':
      return {};
    case 'guest':
      return { Cookie: (await somebodyNew()).cookie };
    case 'other':
      return { Cookie: carol.cookie };
    case 'blocked':
      return { Cookie: dave.cookie };
    case 'revoked': {
      const gone = await somebodyNew();
      await gone.request('/api/session', { method: 'DELETE' });
      return { Cookie: gone.cookie };
    }
    case 'crossSite':
      return {
        Cookie: ann.cookie,
        Origin: 'https://elsewhere.example',
        'Sec-Fetch-Site': 'cross-site',
        'Sec-Fetch-Mode': 'no-cors',
      };
    case 'sibling':
      // No Origin, as with all that a browser asks without CORS: what it says of the site must do.
      return { Cookie: ann.cookie, 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' };
  }
}

/** A request that ann could make, with all that is known of her conversation with bob. */
async function ask(route: string, caller: Caller): Promise<Heard> {
  const [method, path] = route.split(' ') as [string, string];
  const withBob = `with=bob&withId=${bob.me.id}`;
  const queries: Record<string, string> = {
    'GET /api/messages': `?${withBob}`,
    'GET /api/messages/digest': `?${withBob}`,
    'GET /api/events': `?after=${start}`,
  };
  const bodies: Record<string, unknown> = {
    'POST /api/session': { nick: `fresh${(people += 1)}` },
    'POST /api/messages': { messages: [ann.draft(bob, 'as ann')], as: ann.me.id },
    'POST /api/receipts': { delivered: start, read: [{ with: 'bob', withId: bob.me.id, upTo: 1 }] },
    'POST /api/typing': { to: 'bob' },
    'PUT /api/peers/:nick': { muted: true },
    'PUT /api/settings': { receipts: true },
    'POST /api/reports': { with: 'bob', reason: 'spam' },
    'DELETE /api/me': { nick: 'ann' },
  };
  const headers = await headersOf(caller);
  // Ann, carol and dave stay for the rest: here somebody else signs out, or leaves for good.
  if (
    ['DELETE /api/session', 'DELETE /api/me'].includes(route) &&
    ['ann', 'other', 'blocked'].includes(caller)
  ) {
    const leaving = await somebodyNew();
    headers['Cookie'] = leaving.cookie;
    bodies['DELETE /api/me'] = { nick: leaving.me.nick };
  }
  const filled = path.replace(':nick', 'bob').replace(':id', randomUUID());
  return call(server.port, {
    method,
    path: filled + (queries[route] ?? ''),
    headers,
    json: bodies[route],
  });
}

interface Layer {
  route?: { path: string; stack: { method: string }[] };
  handle: { stack?: Layer[] };
}

/** As Express has them. */
function routesOf(stack: Layer[]): string[] {
  const routes = stack.flatMap(({ route, handle }) =>
    route
      ? route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`)
      : routesOf(handle.stack ?? []),
  );
  return [...new Set(routes)];
}

describe('who gets what', () => {
  it('is said of every route that there is, and of no other', () => {
    // Mounting asks for nothing else; nothing is called here.
    const parts = { config: {} } as Parts;
    const app = createApp(parts, undefined) as unknown as { router: { stack: Layer[] } };
    assert.deepEqual(routesOf(app.router.stack).toSorted(), Object.keys(matrix).toSorted());
  });

  for (const [route, expected] of Object.entries(matrix)) {
    it(`${route}: ${callers.map((caller) => `${caller} ${expected[caller]}`).join(', ')}`, async () => {
      const statuses: Partial<Record<Caller, number>> = {};
      for (const caller of callers) {
        const { status, headers, text } = await ask(route, caller);
        statuses[caller] = status;
        const isOfAnn = ['ann', 'crossSite', 'sibling'].includes(caller);
        if (!isOfAnn) assert.ok(!text.includes(secret), `${caller} reads the secret`);
        const open = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
        assert.deepEqual(open, [], `${caller}: other origins may read`);
        if (!route.includes('/api/')) continue;
        assert.equal(headers['cross-origin-resource-policy'], 'same-origin', caller);
        assert.equal(headers['x-content-type-options'], 'nosniff', caller);
        assert.match(
          String(headers['content-security-policy']),
          /default-src 'none'.*frame-ancestors 'none'/,
        );
        assert.match(headers['cache-control'] ?? '', /no-store/, caller);
      }
      assert.deepEqual(statuses, expected);
    });
  }

  it('a preflight is refused, and a method that no route has is not there', async () => {
    const { Cookie, ...sibling } = await headersOf('sibling');
    const asks = { ...sibling, 'Access-Control-Request-Method': 'POST' };
    const { status, headers } = await call(server.port, {
      method: 'OPTIONS',
      path: '/api/messages',
      headers: { ...asks, Cookie: Cookie! },
    });
    assert.equal(status, 403);
    assert.equal(headers['access-control-allow-origin'], undefined);
    for (const method of ['PUT', 'PATCH', 'TRACE', 'DELETE']) {
      const answer = await call(server.port, { method, path: '/api/messages', headers: {} });
      assert.equal(answer.status, 404, method);
    }
  });

  it('nobody has changed anything between ann and bob but ann', async () => {
    const messages = (await bob.history('ann')).map(({ text }) => text);
    assert.deepEqual(messages, [secret, 'as ann']);
    const [ofBob] = (await bob.sync()).conversations.filter(({ withId }) => withId === ann.me.id);
    assert.deepEqual([ofBob?.mine.read, ofBob?.theirs.read], [0, 1], 'ann has read, bob has not');
    assert.equal((await ann.request('/api/session')).status, 200);
  });

  it('what is another’s looks like what is not there', async () => {
    const other = await somebodyNew();
    const askFor = async (peer: string) => {
      const response = await other.request(`/api/messages?with=x&withId=${peer}`);
      return [response.status, await response.text()];
    };
    const [status, answer] = await askFor(randomUUID());
    assert.equal(status, 404);
    assert.deepEqual(await askFor('nothing-like-an-id'), [status, answer]);
    const foreign = await other.events(start);
    assert.deepEqual(
      foreign.events.map(({ event }) => event),
      ['reset'],
      'a cursor of ann’s inbox',
    );
  });
});
