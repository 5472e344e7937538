/** Several nodes on one store: what one does, the others know at once with Redis, and soon without. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Writable } from 'node:stream';
import type { Person } from '../../server/protocol/requests.ts';
import { ApiPerson } from '../support/person.ts';
import { createDatabase, withoutPostgres, type TestDatabase } from '../support/postgres.ts';
import { noRedis, RedisProcess } from '../support/redis-process.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { startTcpRelay, type TcpRelay } from '../support/tcp-relay.ts';

/** What a node says in its log, and waiting for that. */
class Log extends Writable {
  #text = '';
  #onLine = new Set<() => void>();

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#text += bytes.toString();
    for (const look of this.#onLine) look();
    done();
  }

  /** Resolves when it says this, after all that it said before. */
  says(words: string): Promise<void> {
    const from = this.#text.length;
    return this.#until(() => this.#text.indexOf(words, from) >= 0);
  }

  hasSaid(words: string): Promise<void> {
    return this.#until(() => this.#text.includes(words));
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return;
        this.#onLine.delete(look);
        resolve();
      };
      this.#onLine.add(look);
      look();
    });
  }
}

const up = 'Redis is there';
const down = 'Redis is away';

describe('several nodes', { skip: noRedis || withoutPostgres, timeout: 60_000 }, () => {
  const logs = [new Log(), new Log()] as const;
  let redis: RedisProcess;
  /** Between the second node and Redis. */
  let relay: TcpRelay;
  let database: TestDatabase;
  let nodes: TestServer[];
  /** Of one person, at each node. */
  let ann: readonly [ApiPerson, ApiPerson];
  let bob: readonly [ApiPerson, ApiPerson];

  before(async () => {
    redis = await RedisProcess.start();
    relay = await startTcpRelay(() => redis.port);
    database = await createDatabase();
    const databaseUrl = database.url;
    const urls = [redis.url, `redis://127.0.0.1:${relay.port}`];
    nodes = await Promise.all(
      urls.map((redisUrl, n) =>
        startTestServer({ databaseUrl, redisUrl, log: logs[n]!, graceMs: 50, dataDir: '/nowhere' }),
      ),
    );
    await Promise.all(logs.map((log) => log.hasSaid(up)));
    ann = await atBoth('ann');
    bob = await atBoth('bob');
  });
  after(async () => {
    for (const node of nodes ?? []) await node.close();
    await relay?.close();
    await redis?.stop();
    await database?.drop();
  });

  const urlOf = (n: number) => `http://127.0.0.1:${nodes[n]!.port}`;

  async function atBoth(nick: string): Promise<readonly [ApiPerson, ApiPerson]> {
    const person = await ApiPerson.signIn(urlOf(0), nick);
    return [person, new ApiPerson(urlOf(1), person.cookie, person.me)];
  }

  /** The next presence of somebody that says so. */
  async function shown(stream: SseReader, person: ApiPerson, online: boolean): Promise<void> {
    for (;;) {
      const { data } = await stream.nextOf('person');
      if (data['id'] === person.me.id && data['online'] === online) return;
    }
  }

  async function caughtUp(person: ApiPerson): Promise<SseReader> {
    const stream = await SseReader.open(person);
    await stream.nextOf('heartbeat');
    return stream;
  }

  it('deliver what was sent at another, at once', async () => {
    const stream = await caughtUp(bob[1]);
    const began = performance.now();
    await ann[0].send(ann[0].draft(bob[0], 'across'));
    assert.equal((await stream.nextOf('inbox')).data['text'], 'across');
    assert.ok(performance.now() - began < 900, 'sooner than any look at the log');
    stream.close();
  });

  it('show who is online at another, who types there, and who is new', async () => {
    const stream = await caughtUp(ann[0]);
    const carol = await ApiPerson.signIn(urlOf(1), 'carol');
    await shown(stream, carol, false);
    const other = await caughtUp(carol);
    await shown(stream, carol, true);
    const { people } = (await (await ann[0].request('/api/people')).json()) as { people: Person[] };
    assert.equal(people.find(({ nick }) => nick === 'carol')?.online, true);
    await carol.request('/api/typing', { json: { to: 'ann' } });
    assert.equal((await stream.nextOf('typing')).data['from'], 'carol');
    other.close();
    await shown(stream, carol, false);
    stream.close();
  });

  it('show somebody as online until the last node has lost them', async () => {
    const stream = await caughtUp(ann[0]);
    const dave = await atBoth('dave');
    const first = await caughtUp(dave[0]);
    const second = await caughtUp(dave[1]);
    await shown(stream, dave[0], true);
    first.close();
    second.close();
    // Said once, when both are gone.
    const said: unknown[] = [];
    for (let event = await stream.nextOf('person'); ; event = await stream.nextOf('person')) {
      if (event.data['id'] !== dave[0].me.id) continue;
      said.push(event.data['online']);
      if (event.data['online'] === false) break;
    }
    assert.deepEqual(said, [false]);
    stream.close();
  });

  it('end at once what a session has open at another when it ends, and know it no longer', async () => {
    const erin = await atBoth('erin');
    const stream = await caughtUp(erin[1]);
    await erin[0].request('/api/session', { method: 'DELETE' });
    while (await stream.next());
    assert.equal((await erin[1].request('/api/session')).status, 401);
  });

  it('keep apart whom somebody has blocked at another', async () => {
    const frank = await atBoth('frank');
    const stream = await caughtUp(frank[1]);
    await ann[0].change('/api/peers/frank', { blocked: true });
    await shown(stream, ann[0], false);
    await frank[1].request('/api/typing', { json: { to: 'ann' } });
    const annStream = await caughtUp(ann[0]);
    await bob[0].request('/api/typing', { json: { to: 'ann' } });
    assert.equal((await annStream.nextOf('typing')).data['from'], 'bob');
    stream.close();
    annStream.close();
  });

  for (const how of ['is cut off without a word', 'loses the connection', 'finds Redis gone'] as const) {
    it(`deliver within two seconds where one ${how}, and come right afterwards`, async () => {
      const isDown = logs[1].says(down);
      if (how === 'is cut off without a word') relay.silence();
      else if (how === 'loses the connection') {
        relay.silence();
        relay.cut();
      } else await redis.stop();
      const stream = await caughtUp(bob[1]);
      const began = performance.now();
      await ann[0].send(ann[0].draft(bob[0], how));
      assert.equal((await stream.nextOf('inbox')).data['text'], how);
      assert.ok(performance.now() - began < 2_500, `${performance.now() - began} ms`);
      await isDown;

      // Who signs out at the other node is known here too.
      const nick = `gone${how.length}`;
      const gone = await atBoth(nick);
      const other = await caughtUp(gone[1]);
      await gone[0].request('/api/session', { method: 'DELETE' });
      while (await other.next());
      assert.equal((await gone[1].request('/api/session')).status, 401);

      // Who is online elsewhere was not told meanwhile, and is told now.
      const back = logs[1].says(up);
      const annStream = await caughtUp(ann[0]);
      const late = await ApiPerson.signIn(urlOf(1), `late${how.length}`);
      const lateStream = await caughtUp(late);
      relay.resume();
      if (how === 'finds Redis gone') await redis.start();
      await back;
      await shown(annStream, late, true);
      for (const each of [stream, annStream, lateStream]) each.close();
    });
  }
});
