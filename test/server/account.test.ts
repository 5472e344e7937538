/** Taking along all that one has, and leaving for good. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { exportOf } from '../../server/http/export.ts';
import type { Message, Stretch } from '../../server/protocol/requests.ts';
import type { EventStore } from '../../server/store/event-store.ts';
import { onSecondDevice } from '../support/add-device.ts';
import { changeOf } from '../support/change-data.ts';
import { ApiPerson } from '../support/person.ts';
import { isOnPostgres } from '../support/postgres.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startTestServer();
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server.remove());

interface Export {
  person: { id: string; nick: string };
  devices: { id: string; name: string }[];
  settings: object;
  peers: { nick: string; muted: boolean }[];
  conversations: { with: string; receipts: { theirs: { read: number } }; messages: Message[] }[];
}

const deleteMe = (person: ApiPerson, nick: unknown) =>
  person.request('/api/me', {
    method: 'DELETE',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ nick }),
  });

describe('an export', () => {
  it('has the person, the devices, and every conversation with its messages and receipts', async () => {
    const ann = await ApiPerson.signIn(url, 'ann');
    const bob = await ApiPerson.signIn(url, 'bob');
    await ann.send(ann.draft(bob, 'hello "bob"\n\u2028'), ann.draft(ann, 'a note'));
    await bob.send(bob.draft(ann, 'hello ann'));
    await bob.request('/api/receipts', { json: { read: [{ with: 'ann', upTo: 1 }] } });
    await ann.request('/api/peers/bob', { json: { muted: true }, method: 'PUT' });
    const response = await ann.request('/api/export');
    assert.match(
      response.headers.get('Content-Disposition')!,
      /^attachment; filename=opentalk-ann-[\d-]+\.json$/,
    );
    const all = (await response.json()) as Export;
    assert.equal(all.person.id, ann.me.id);
    assert.equal(all.devices.length, 1);
    assert.deepEqual(all.settings, { receipts: true, typing: true, presence: true });
    assert.deepEqual(
      all.peers.map(({ nick, muted }) => [nick, muted]),
      [['bob', true]],
    );
    const found = all.conversations.map(({ with: nick, receipts, messages }) => [
      nick,
      receipts.theirs.read,
      messages.map(({ from, seq, text }) => `${seq} ${from}: ${text}`),
    ]);
    assert.deepEqual(found, [
      ['bob', 1, ['1 ann: hello "bob"\n\u2028', '2 bob: hello ann']],
      ['ann', 0, ['1 ann: a note']],
    ]);
  });

  it('of somebody who has nothing is whole, too', async () => {
    const nell = await ApiPerson.signIn(url, 'nell');
    const all = (await (await nell.request('/api/export')).json()) as Export;
    assert.deepEqual([all.person.nick, all.conversations], ['nell', []]);
  });

  it('of 100,000 messages comes within a minute', async () => {
    const writer = await ApiPerson.signIn(url, 'writer');
    await sendMany(writer, 100_000, 'x'.repeat(400));
    const began = performance.now();
    const all = (await (await writer.request('/api/export')).json()) as Export;
    const seconds = (performance.now() - began) / 1_000;
    assert.equal(all.conversations[0]!.messages.length, 100_000);
    assert.ok(seconds < 60, `${seconds} s`);
  });

  it('reads a page when somebody takes it, and none ahead', async () => {
    let pages = 0;
    const { me } = await ApiPerson.signIn(url, 'slow');
    const conversation = { with: 'x', withId: 'x', lastSeq: 1e6 };
    const store = {
      person: async () => me,
      devices: async () => [],
      peers: async () => ({ peers: [], settings: {} }),
      conversations: async () => [conversation],
      messagesAfter: async (_me: string, _with: string, seq: number) => {
        pages += 1;
        return [{ seq: seq + 1 }];
      },
    } as unknown as EventStore;
    const chunks = exportOf(store, { person: me, tokenHash: '' }, me.id, () => false);
    const reader = Readable.from(chunks)[Symbol.asyncIterator]();
    for (let n = 0; n < 100; n += 1) await reader.next();
    assert.ok(pages <= 100, `${pages} pages`);
    await reader.return!();
  });

  it('is cut off when its session ends, so that half of it never passes for all', async () => {
    const writer = await ApiPerson.signIn(url, 'writer2');
    await sendMany(writer, 6_000, 'x'.repeat(2_000));
    const { device } = await onSecondDevice(server, writer);
    const response = await device.request('/api/export');
    await writer.request('/api/devices', { method: 'DELETE' });
    await assert.rejects(response.text());
  });

  /** As after years: notes, put beside the first one. */
  async function sendMany(writer: ApiPerson, count: number, text: string): Promise<void> {
    await writer.send(writer.draft(writer, text));
    const change = await changeOf(server.dataDir);
    await change(
      `WITH RECURSIVE later(seq) AS (SELECT 2 UNION ALL SELECT seq + 1 FROM later WHERE seq < $1)
       INSERT INTO message (conversation, seq, sender, recipient, id, text, composed_at, accepted_at)
       SELECT conversation, later.seq, sender, recipient, 'note ' || later.seq, text, composed_at, accepted_at
       FROM later, message JOIN person ON person.n = sender WHERE person.id = $2`,
      [count, writer.me.id],
    );
  }
});

describe('a person who deletes their account', () => {
  it('does it in two steps: without their own nick nothing happens', async () => {
    const olga = await ApiPerson.signIn(url, 'olga');
    for (const [nick, status] of [
      ['', 409],
      ['bob', 409],
      [undefined, 400],
    ] as const) {
      assert.equal((await deleteMe(olga, nick)).status, status);
    }
    assert.equal((await olga.request('/api/session')).status, 200);
  });

  it('is gone at once on every device, with every stream, and nobody takes the nick', async () => {
    const pia = await ApiPerson.signIn(url, 'pia');
    const { device } = await onSecondDevice(server, pia);
    const stream = await SseReader.open(device);
    await stream.nextOf('heartbeat');
    const began = performance.now();
    const response = await deleteMe(pia, 'Pia');
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('Clear-Site-Data'), '"cache"');
    assert.match(response.headers.getSetCookie().join(), /ot=;/);
    while (await stream.next());
    assert.ok(performance.now() - began < 1_000);
    for (const one of [pia, device]) assert.equal((await one.request('/api/session')).status, 401);
    const claim = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ nick: 'pia' }),
    });
    assert.equal(claim.status, 409);
  });

  it('takes their texts out of everybody’s history and inbox', async () => {
    const [rita, sam] = [await ApiPerson.signIn(url, 'rita'), await ApiPerson.signIn(url, 'sam')];
    const start = (await sam.sync()).cursor;
    await rita.send(rita.draft(sam, 'rita’s secret'));
    await sam.send(sam.draft(rita, 'sam’s answer'));
    const stream = await SseReader.open(sam, `?after=${start}`);
    const digest = async () =>
      (await (await sam.request(`/api/messages/digest?with=rita&withId=${rita.me.id}`)).json()) as Stretch;
    const asBefore = await digest();
    await deleteMe(rita, 'rita');
    const { data } = await stream.nextOf('user_deleted');
    assert.deepEqual([data['id'], data['nick']], [rita.me.id, 'rita']);
    stream.close();

    const texts = ['', 'sam’s answer'];
    const page = await sam.request(`/api/messages?with=rita&withId=${rita.me.id}`);
    const { messages } = (await page.json()) as { messages: Message[] };
    assert.deepEqual(
      messages.map(({ text }) => text),
      texts,
    );
    const { events } = await sam.events(start);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['inbox', 'inbox', 'user_deleted'],
    );
    assert.equal((events[0]!.data as Message).text, '');
    assert.deepEqual(await digest(), asBefore, 'nobody is told that something differs');
  });

  // What PostgreSQL's files hold is for its vacuum to say: server/deploy/README.md.
  it('takes their texts out of the files', { skip: isOnPostgres }, async () => {
    const [tess, uma] = [await ApiPerson.signIn(url, 'tess'), await ApiPerson.signIn(url, 'uma')];
    await tess.send(tess.draft(uma, 'tess’s secret'));
    const stream = await SseReader.open(uma);
    const isInFiles = () =>
      readdirSync(server.dataDir).some((name) =>
        readFileSync(path.join(server.dataDir, name)).includes('tess’s secret'),
      );
    assert.ok(isInFiles());
    await deleteMe(tess, 'tess');
    await stream.nextOf('user_deleted');
    stream.close();
    // Writes are done in order: what comes after the wiping of the log has seen it.
    await uma.send(uma.draft(uma, 'a note'));
    assert.ok(!isInFiles());
  });
});
