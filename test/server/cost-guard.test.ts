/**
 * What a message and a connection cost, counted: statements, questions to the threads, bytes. Counts are the same on every
 * machine, as seconds are not. Each may grow by a tenth; who makes one smaller writes the new figure down here.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it, mock } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Draft } from '../../server/protocol/requests.ts';
import { createAppend } from '../../server/store/sqlite-append.ts';
import { commitTogether } from '../../server/store/sqlite-commit.ts';
import { createInbox } from '../../server/store/sqlite-inbox.ts';
import { migrate, readEpoch } from '../../server/store/sqlite-schema.ts';
import { createInboxReading } from '../../server/store/sqlite-read-inbox.ts';
import { createSignIn } from '../../server/store/sqlite-sign-in.ts';
import { openSqliteStore } from '../../server/store/sqlite-store.ts';
import type { Command } from '../../server/store/sqlite-thread.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer } from '../support/start-test-server.ts';

const expected = {
  'statements a message': 12,
  'statements a request of 20 messages': 126,
  'statements of a commit itself': 2,
  'bytes of log a message, 32 a commit': 6_730,
  'statements a page of the inbox': 4,
  'batches to the threads for 64 messages and their way out': 1,
  'calls of the store for a connection': 5,
  'bytes of a connection': 690,
  'bytes of a message on a stream': 350,
};

const at = '2026-05-01T12:00:00.000Z';

function hold(what: keyof typeof expected, counted: number): void {
  assert.ok(counted > 0, `${what}: nothing was counted`);
  assert.ok(counted <= expected[what] * 1.1, `${what}: ${counted}, where ${expected[what]} are expected`);
}

describe('the cost of a message in the store', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-cost-'));
  const file = path.join(folder, 'counted.db');
  const db = new DatabaseSync(file);
  let statements = 0;
  let run: (command: Command) => unknown;
  let persons: { id: string; nick: string }[];
  let drafted = 0;

  before(() => {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 0');
    migrate(db);
    countStatements(db, () => (statements += 1));
    const { signIn } = createSignIn(db);
    persons = Array.from({ length: 32 }, (_, n) => {
      const outcome = signIn({ nick: `person${n}`, tokenHash: `hash${n}`, at });
      return outcome.kind === 'signed-in' ? outcome.me : assert.fail('the nick is free');
    });
    const commands = { append: createAppend(db, createInbox(db)) };
    run = ({ parameters }) => commands.append(...(parameters as Parameters<typeof commands.append>));
    // What is begun with the first message is no cost of each.
    for (let n = 0; n < 40; n += 1) commitTogether(db, run, round());
  });
  after(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('is as many statements as ever, one a request and many', () => {
    hold(
      'statements a message',
      counting(() => run(from(0, 1))),
    );
    hold(
      'statements a request of 20 messages',
      counting(() => run(from(1, 20))),
    );
  });

  it('adds to a commit only what the messages cost', () => {
    const commit = counting(() => commitTogether(db, run, round()));
    const alone = counting(() => run(from(0, 1)));
    hold('statements of a commit itself', commit - persons.length * alone);
  });

  it('is as many bytes on the disk as ever', () => {
    const bytes = () => statSync(`${file}-wal`).size;
    const begun = bytes();
    for (let n = 0; n < 10; n += 1) commitTogether(db, run, round());
    hold('bytes of log a message, 32 a commit', (bytes() - begun) / (10 * persons.length));
  });

  it('is as few statements when it is read', () => {
    const reading = createInboxReading(db, readEpoch(db));
    const cursor = reading.head(persons[0]!.id);
    run(from(31, 3));
    hold(
      'statements a page of the inbox',
      counting(() => reading.readInbox(persons[0]!.id, cursor, 200)),
    );
  });

  function counting(act: () => unknown): number {
    statements = 0;
    act();
    return statements;
  }

  /** From each person one message to the next. */
  function round(): Command[] {
    return persons.map((_, n) => from(n, 1));
  }

  function from(person: number, count: number): Command {
    const to = persons[(person + 1) % persons.length]!.nick;
    const drafts = Array.from({ length: count }, () => draftTo(to, (drafted += 1)));
    return { name: 'append', parameters: [persons[person]!.id, drafts, at] };
  }
});

describe('the cost of a message among the threads', () => {
  it('is one batch for all that come at once, and nothing for who follows', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-cost-'));
    const store = await openSqliteStore({ dataDir, onFatal: assert.fail });
    const outcome = await store.signIn({ nick: 'ann', tokenHash: 'hash', at });
    const ann = outcome.kind === 'signed-in' ? outcome.me : assert.fail('the nick is free');
    const start = await store.head(ann.id);
    await store.append(ann.id, [draftTo('ann', 1)], at);
    const { cursor } = await read(start);

    const posted = mock.method(Worker.prototype, 'postMessage');
    await Promise.all(
      Array.from({ length: 64 }, (_, n) => store.append(ann.id, [draftTo('ann', 2 + n)], at)),
    );
    const { events } = await read(cursor);
    posted.mock.restore();
    assert.equal(events.length, 64);
    hold('batches to the threads for 64 messages and their way out', posted.mock.callCount());
    await store.close();
    rmSync(dataDir, { recursive: true });

    async function read(cursorBefore: string) {
      const page = await store.readInbox(ann.id, cursorBefore, 200);
      return page.kind === 'events' ? page : assert.fail('the cursor is good');
    }
  });
});

describe('the cost of a connection', () => {
  it('is as few questions to the store, and bytes, as ever', async () => {
    const server = await startTestServer();
    const ann = await ApiPerson.signIn(server.url, 'ann');
    const posted = mock.method(Worker.prototype, 'postMessage');
    const stream = connect(server.port, '127.0.0.1');
    stream.setEncoding('latin1');
    let text = '';
    let seen: (() => void) | undefined;
    stream.on('data', (part: string) => {
      text += part;
      seen?.();
    });
    const has = async (words: string) => {
      while (!text.includes(words)) await new Promise<void>((resolve) => (seen = resolve));
    };
    stream.write(
      `GET /api/events HTTP/1.1\r\nHost: localhost\r\nCookie: ${ann.cookie}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    await has('event: heartbeat');
    posted.mock.restore();
    const calls = posted.mock.calls.flatMap(({ arguments: [batch] }) => batch as Command[]);
    hold('calls of the store for a connection', calls.length);
    hold('bytes of a connection', text.length);

    const begun = text.length;
    await ann.send(draftTo('ann', 1));
    await has('event: inbox');
    await has(draftTo('ann', 1).id);
    hold('bytes of a message on a stream', text.length - begun);
    stream.destroy();
    await server.remove();
  });
});

/** Of a size that people write. The ids are always the same, so that the trees in the file are. */
function draftTo(to: string, number: number): Draft {
  const scattered = (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  const id = `${scattered}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  return { id, to, text: 'A message as people write it.', composedAt: at };
}

function countStatements(db: DatabaseSync, count: () => void): void {
  const prepare = db.prepare.bind(db);
  const exec = db.exec.bind(db);
  db.prepare = (...given) => {
    const statement = prepare(...given);
    for (const name of ['run', 'get', 'all', 'iterate'] as const) {
      const own = statement[name].bind(statement) as (...values: never[]) => never;
      statement[name] = (...values: unknown[]) => {
        count();
        return own(...(values as never[]));
      };
    }
    return statement;
  };
  db.exec = (sql) => {
    count();
    exec(sql);
  };
}
