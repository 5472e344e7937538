/**
 * The primary database dies under load, and a standby that has every commit takes its place: what was acknowledged is
 * there, once and in order, and devices are served again within 30 s of the new primary, without anybody's doing.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checker, faultsOf } from '../support/checker.ts';
import { Devices } from '../support/devices.ts';
import { messagesInDatabase } from '../support/messages-in-database.ts';
import { askPostgres } from '../support/postgres.ts';
import { noOwnPostgres, PostgresProcess } from '../support/postgres-process.ts';
import { ServerProcess } from '../support/server-process.ts';
import { startTcpRelay } from '../support/tcp-relay.ts';

const longestMs = 30_000;

describe('a primary database that dies', { skip: noOwnPostgres, timeout: 120_000 }, () => {
  const ends: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it('loses nothing that was acknowledged where a standby has each commit, and is followed by it', async (t) => {
    const first = await PostgresProcess.start();
    ends.push(() => first.remove());
    await answers(first);
    const second = await first.standby();
    ends.push(() => second.remove());
    await askPostgres(first.url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    await askPostgres(first.url, 'SELECT pg_reload_conf()');
    await until(async () => {
      const [row] = await askPostgres(first.url, 'SELECT sync_state FROM pg_stat_replication');
      return row?.['sync_state'] === 'sync';
    });
    /** What stands in front of a database and knows which one is the primary. */
    let primary = first;
    const relay = await startTcpRelay(() => primary.port);
    ends.push(() => relay.close());

    const databaseUrl = `postgres://postgres@127.0.0.1:${relay.port}/postgres`;
    const server = new ServerProcess('/nowhere', 0, { DATABASE_URL: databaseUrl });
    ends.push(() => server.kill());
    const port = (await server.ready())!;
    const checker = new Checker();
    const devices = await Devices.start(`http://127.0.0.1:${port}`, checker, Math.random, true);
    const story = async () => {
      await until(() => devices.acknowledged.size > 300);
      await first.kill();
      relay.cut();
      const acknowledged = new Map(devices.acknowledged);
      second.promote();
      primary = second;
      const promotedAt = performance.now();
      const before = devices.acknowledged.size;
      await until(() => devices.acknowledged.size > before + 300);
      const tookMs = performance.now() - promotedAt;
      t.diagnostic(`300 messages after ${Math.round(tookMs)} ms with the new primary`);
      assert.ok(tookMs < longestMs);
      const stored = await messagesInDatabase(second.url);
      const seqs = new Map([...stored.values()].flat().map(({ text, seq }) => [text, seq]));
      const lost = [...acknowledged].filter(([text, seq]) => seqs.get(text) !== seq);
      assert.deepEqual(lost, []);
      return devices.finish();
    };
    const views = await Promise.race([devices.failure, story()]);
    assert.deepEqual(faultsOf(checker.compare(await messagesInDatabase(second.url), views)), []);
  });
});

function answers({ url }: PostgresProcess): Promise<void> {
  return until(() =>
    askPostgres(url, 'SELECT 1').then(
      () => true,
      () => false,
    ),
  );
}

/** Looks again and again; the timeout of the test ends it. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
