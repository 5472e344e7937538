/** The operator's commands on an installation whose data is in PostgreSQL. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openPostgresStore } from '../../server/store/postgres-store.ts';
import { createDatabase, withoutPostgres, type TestDatabase } from '../support/postgres.ts';
import { run } from './copies/command.ts';
import { at, draftTo, join } from './store-contract/stage.ts';

const onFatal = (error: Error) => {
  throw error;
};

describe("the operator's commands on PostgreSQL", { skip: withoutPostgres }, () => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase();
  });
  after(() => database.drop());

  const admin = async (...words: string[]) => {
    const { code, out, err } = await run(
      'admin',
      { dataDir: '/nowhere', databaseUrl: database.url },
      ...words,
    );
    return code === 0 ? out.trim() : err.trim();
  };

  it('say that there is nothing before the first start', async () => {
    assert.match(await admin('people'), /There is no data of OpenTalk in the database/);
  });

  it('list, ban and report beside a running server, and note who did it', async () => {
    const store = await openPostgresStore({ url: database.url, onFatal });
    try {
      const [ana, eve] = [await join(store, 'ana'), await join(store, 'eve')];
      const draft = draftTo('ana', 'something nasty');
      await store.append(eve.id, [draft], at);
      await store.addReport(ana.id, { with: 'eve', reason: 'harassment', messages: [draft.id] }, at);
      assert.equal(await admin('people', 'E'), 'eve: 1 devices, last seen never');
      assert.equal(await admin('devices', 'eve'), `signed in since ${at}`);
      assert.equal(await admin('reports'), `1: ${at} ana about eve: harassment`);
      assert.match(await admin('report', '1'), /eve: "something nasty"$/);
      assert.equal(await admin('report', '1', '--done'), 'Report 1 is done.');
      assert.equal(await admin('reports'), 'No reports.');
      assert.equal(await admin('ban', 'EVE'), 'EVE is banned for good.');
      assert.deepEqual(await store.bans(at), [{ personId: eve.id, until: null }]);
      assert.equal(await admin('unban', 'eve'), 'eve may come back.');
      assert.deepEqual(await store.bans(at), []);
      assert.match(await admin('ban', 'nobody'), /Nobody is called 'nobody'/);
      assert.match(await admin('new-life'), /A server is running on the database/);
      assert.match(
        await admin('audit'),
        /read report 1\n.*ended report 1\n.*banned EVE for good\n.*unbanned eve$/,
      );
    } finally {
      await store.close();
    }
  });

  it('begin a new life after the database was put back, and only without a server', async () => {
    const before_ = await openPostgresStore({ url: database.url, onFatal });
    await before_.close();
    assert.match(await admin('new-life'), /A new life has begun/);
    const store = await openPostgresStore({ url: database.url, onFatal });
    assert.notEqual(store.epoch, before_.epoch);
    await store.close();
  });

  it('leave copies to PostgreSQL, and say how', async () => {
    const around = { dataDir: '/nowhere', databaseUrl: database.url };
    assert.match((await run('backup', around, 'x')).err, /pg_dump --format=custom/);
    assert.match((await run('restore', around, 'x')).err, /pg_restore --no-owner/);
  });
});
