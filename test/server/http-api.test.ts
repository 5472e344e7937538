import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let url: string;
let ann: ApiPerson;
let bob: ApiPerson;

before(async () => {
  server = await startTestServer();
  url = `http://127.0.0.1:${server.port}`;
  ann = await ApiPerson.signIn(url, 'ann');
  bob = await ApiPerson.signIn(url, 'bob');
});
after(() => server.remove());

async function problemOf(response: Response): Promise<[number, string]> {
  assert.match(response.headers.get('Content-Type') ?? '', /^application\/problem\+json/);
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
}

function signIn(nick: unknown, key?: string): Promise<Response> {
  return fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ nick, key }),
  });
}

describe('signing in', () => {
  it('gives a person with a random id and a cookie that outlives the browser', async () => {
    const response = await signIn('carol');
    assert.equal(response.status, 201);
    const cookie = response.headers.getSetCookie()[0]!;
    assert.match(cookie, /^ot=[\w-]{43}; Max-Age=\d+; Path=\/; .*HttpOnly; SameSite=Strict/);
    assert.doesNotMatch(cookie, /Secure/);
  });

  it('gives the page a hint that there is a session, which says nothing else and goes with it', async () => {
    const response = await signIn('hinted');
    const [session, hint] = response.headers.getSetCookie();
    assert.match(hint!, /^ot-known=1; Max-Age=\d+; Path=\/; .*SameSite=Strict/);
    assert.doesNotMatch(hint!, /HttpOnly/);
    const Cookie = session!.split(';')[0]!;
    const ended = await fetch(`${server.url}/api/session`, { method: 'DELETE', headers: { Cookie } });
    assert.ok(ended.headers.getSetCookie().some((cookie) => cookie.startsWith('ot-known=;')));
    const onlyHint = await fetch(`${server.url}/api/session`, { headers: { Cookie: 'ot-known=1' } });
    assert.equal(onlyHint.status, 401);
  });

  it('refuses a nick that is taken, also in another case or in look-alike letters', async () => {
    for (const nick of ['ann', 'ANN', 'аnn']) {
      assert.deepEqual(await problemOf(await signIn(nick)), [409, 'nick_taken'], nick);
    }
  });

  it('refuses a nick that is none', async () => {
    for (const nick of ['', ' ', 'a b', 'x'.repeat(33), 'a\u202eb']) {
      assert.deepEqual(await problemOf(await signIn(nick)), [422, 'nick_invalid'], nick);
    }
    assert.deepEqual(await problemOf(await signIn(7)), [400, 'bad_json']);
  });

  it('answers the same attempt with the same person, because the first answer may have been lost', async () => {
    const key = randomUUID();
    const first = (await (await signIn('dora', key)).json()) as { me: { id: string } };
    const second = (await (await signIn('dora', key)).json()) as { me: { id: string } };
    assert.equal(second.me.id, first.me.id);
    assert.deepEqual(await problemOf(await signIn('dora', randomUUID())), [409, 'nick_taken']);
  });

  it('lets exactly one of many win the same nick', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn('wanted')));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  });

  it('ends with signing out, which frees the nick for a new person with an empty inbox', async () => {
    const old = await ApiPerson.signIn(url, 'erin');
    await ann.send(ann.draft(old, 'for the old erin'));
    assert.equal((await old.request('/api/session', { method: 'DELETE' })).status, 204);
    assert.deepEqual(await problemOf(await old.request('/api/session')), [401, 'signed_out']);
    const erin = await ApiPerson.signIn(url, 'erin');
    assert.notEqual(erin.me.id, old.me.id);
    assert.deepEqual((await erin.sync()).conversations, []);
    const [result] = await ann.send(ann.draft('erin', 'x', { toId: old.me.id }));
    assert.equal(result?.error?.code, 'person_changed');
  });

  it('is asked for by everything that is somebody’s', async () => {
    const paths = ['/api/session', '/api/people', '/api/sync', '/api/events', '/api/messages?with=bob'];
    for (const path of paths) {
      assert.deepEqual(await problemOf(await fetch(url + path)), [401, 'signed_out'], path);
    }
    for (const path of ['/api/messages', '/api/receipts', '/api/typing']) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      assert.deepEqual(await problemOf(response), [401, 'signed_out'], path);
    }
  });
});

describe('sending', () => {
  it('judges each draft by itself, in order; none blocks another', async () => {
    const results = await ann.send(
      ann.draft(bob, 'one'),
      ann.draft('nobody', 'two'),
      ann.draft(bob, '   '),
      ann.draft(bob, 'x'.repeat(4_001)),
      ann.draft(bob, 'nul\0'),
      ann.draft(bob, 'bad id', { id: 'not-a-uuid' }),
      ann.draft(bob, 'seven'),
    );
    assert.deepEqual(
      results.map(({ status, error }) => error?.code ?? status),
      ['accepted', 'unknown_person', 'text_empty', 'text_too_long', 'text_invalid', 'id_invalid', 'accepted'],
    );
    const [first, , , , , , last] = results;
    assert.equal(last!.message!.seq, first!.message!.seq + 1);
  });

  it('takes a message once however often it is sent; the same id with another body is refused', async () => {
    const draft = ann.draft(bob, 'once');
    const all = await Promise.all([ann.send(draft), ann.send(draft), ann.send(draft, draft)]);
    const results = all.flat();
    assert.equal(results.filter(({ status }) => status === 'accepted').length, 1);
    assert.equal(new Set(results.map(({ message }) => message?.seq)).size, 1);
    const later = await ann.send({ ...draft, composedAt: '2020-01-01T00:00:00Z' });
    assert.equal(later[0]?.status, 'duplicate');
    for (const changed of [{ text: 'other' }, { to: 'ann' }]) {
      const [result] = await ann.send({ ...draft, ...changed });
      assert.equal(result?.error?.code, 'id_reused');
    }
    const [ofBob] = await bob.send({ ...draft, to: 'ann' });
    assert.equal(ofBob?.status, 'accepted', 'ids are names within their sender');
  });

  it('keeps a text as it was typed, in any language', async () => {
    const texts = [
      'مرحبا بالعالم',
      'สวัสดีชาวโลก',
      'नमस्ते दुनिया',
      '👨‍👩‍👧‍👦🏳️‍🌈',
      'e\u0301 is not é',
      '😀'.repeat(4_000),
      '\u2028 and \u2029',
      'id: forged\ndata: {}\n\n',
    ];
    for (const text of texts) {
      const [result] = await ann.send(ann.draft(bob, text));
      assert.equal(result?.message?.text, text);
    }
    const stored = (await bob.history('ann')).slice(-texts.length);
    assert.deepEqual(
      stored.map(({ text }) => text),
      texts,
    );
  });

  it('refuses what is said as another person than the session’s: messages, receipts, typing', async () => {
    await bob.send(bob.draft(ann, 'unread'));
    const earlier = (await ann.sync()).conversations.find(({ withId }) => withId === bob.me.id)!;
    const said = {
      '/api/messages': { messages: [ann.draft(bob, 'x')] },
      '/api/receipts': { read: [{ with: 'bob', withId: bob.me.id, upTo: earlier.lastSeq }] },
      '/api/typing': { to: 'bob' },
    };
    for (const [path, body] of Object.entries(said)) {
      const response = await ann.request(path, { json: { ...body, as: bob.me.id } });
      assert.deepEqual(await problemOf(response), [409, 'other_person'], path);
    }
    const later = (await ann.sync()).conversations.find(({ withId }) => withId === bob.me.id)!;
    assert.deepEqual([later.lastSeq, later.mine], [earlier.lastSeq, earlier.mine]);
    const mine = { ...said['/api/receipts'], as: ann.me.id };
    assert.equal((await ann.request('/api/receipts', { json: mine })).status, 204);
  });

  it('refuses a body that is not of the form as a whole', async () => {
    const bodies = [{}, { messages: [] }, { messages: [{ text: 'no id' }] }, { messages: 'x' }, []];
    for (const json of bodies) {
      assert.deepEqual(await problemOf(await ann.request('/api/messages', { json })), [400, 'bad_json']);
    }
    const many = Array.from({ length: 101 }, () => ann.draft(bob, 'x'));
    const response = await ann.request('/api/messages', { json: { messages: many } });
    assert.deepEqual(await problemOf(response), [400, 'bad_json']);
  });
});

describe('a body', () => {
  function post(
    body: BodyInit,
    type: string | undefined,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return ann.request('/api/messages', {
      method: 'POST',
      body,
      headers: { ...(type === undefined ? {} : { 'Content-Type': type }), ...headers },
    });
  }

  it('is JSON', async () => {
    assert.deepEqual(await problemOf(await post('{', 'application/json')), [400, 'bad_json']);
    assert.deepEqual(await problemOf(await post('', 'application/json')), [400, 'bad_json']);
  });

  it('has the type and the encoding of JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-16',
    ]) {
      assert.deepEqual(await problemOf(await post('{}', type)), [415, 'wrong_type'], type);
    }
    const packed = await post('x', 'application/json', { 'Content-Encoding': 'gzip' });
    assert.deepEqual(await problemOf(packed), [415, 'wrong_type']);
  });

  it('is valid UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"messages":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    assert.deepEqual(await problemOf(await post(bytes, 'application/json')), [400, 'bad_json']);
  });

  it('has at most 256 KiB', async () => {
    const response = await post(JSON.stringify('x'.repeat(300_000)), 'application/json');
    assert.deepEqual(await problemOf(response), [413, 'too_large']);
  });
});

describe('a browser', () => {
  it('may write, and open a stream, only from the same origin', async () => {
    const draft = { messages: [ann.draft(bob, 'x')] };
    for (const site of ['cross-site', 'same-site', 'none']) {
      const write = await rawStatus(
        'POST',
        '/api/messages',
        { 'Sec-Fetch-Site': site },
        JSON.stringify(draft),
      );
      const stream = await rawStatus('GET', '/api/events', { 'Sec-Fetch-Site': site });
      assert.deepEqual([write, stream], [403, 403], site);
    }
    const foreign = await rawStatus(
      'POST',
      '/api/messages',
      { Origin: 'http://evil.example' },
      JSON.stringify(draft),
    );
    assert.equal(foreign, 403);
    const own = { 'Sec-Fetch-Site': 'same-origin', Origin: url };
    assert.equal(await rawStatus('POST', '/api/messages', own, JSON.stringify(draft)), 200);
  });

  /** By hand, because fetch does not let these headers be set. */
  function rawStatus(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request(
        url + path,
        { method, headers: { Cookie: ann.cookie, 'Content-Type': 'application/json', ...headers } },
        (response) => {
          resolve(response.statusCode);
          response.destroy();
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
});

describe('history and snapshot', () => {
  it('give the messages of a conversation by seq, a page at a time', async () => {
    const fay = await ApiPerson.signIn(url, 'fay');
    const gil = await ApiPerson.signIn(url, 'gil');
    await fay.send(...Array.from({ length: 40 }, (_, index) => fay.draft(gil, `message ${index + 1}`)));
    const snapshot = await gil.sync();
    const [conversation] = snapshot.conversations;
    assert.equal(conversation?.with, 'fay');
    assert.equal(conversation.lastSeq, 40);
    assert.equal(conversation.unread, 40);
    assert.deepEqual(
      conversation.messages.map(({ seq }) => seq),
      Array.from({ length: 30 }, (_, index) => index + 11),
    );
    const response = await gil.request('/api/messages?with=fay&before=11&limit=5');
    const page = (await response.json()) as { messages: { seq: number }[]; more: boolean };
    assert.deepEqual(
      page.messages.map(({ seq }) => seq),
      [6, 7, 8, 9, 10],
    );
    assert.equal(page.more, true);
    const nobody = await gil.request('/api/messages?with=nobody');
    assert.deepEqual(await problemOf(nobody), [404, 'unknown_person']);
  });

  it('tell how far each side received and read', async () => {
    const hal = await ApiPerson.signIn(url, 'hal');
    const ivy = await ApiPerson.signIn(url, 'ivy');
    const start = (await hal.sync()).cursor;
    await hal.send(hal.draft(ivy, 'one'), hal.draft(ivy, 'two'));
    const { cursor } = await ivy.sync();
    const receipts = { delivered: cursor, read: [{ with: 'hal', upTo: 1 }] };
    assert.equal((await ivy.request('/api/receipts', { json: receipts })).status, 204);
    const { theirs } = (await hal.sync()).conversations[0]!;
    assert.deepEqual(theirs, { delivered: 2, read: 1 });
    const { events } = await hal.events(start);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['inbox', 'inbox', 'receipt'],
    );
    await ivy.request('/api/receipts', { json: { read: [{ with: 'hal', upTo: 999 }] } });
    const again = await hal.events(start);
    const last = again.events.at(-1)?.data as { read: number };
    assert.equal(again.events.length, 3, 'the later receipt supersedes the earlier one');
    assert.equal(last.read, 2, 'nobody can read more than there is');
  });

  it('take a note to oneself as one event', async () => {
    const start = (await ann.sync()).cursor;
    await ann.send(ann.draft(ann, 'remember the milk'));
    assert.equal((await ann.events(start)).events.length, 1);
  });
});
