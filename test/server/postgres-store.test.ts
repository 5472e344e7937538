/** The PostgreSQL store: the contract, and what only it can get wrong. */
import { addDeviceTo, createDatabase, withoutPostgres } from '../support/postgres.ts';
import { openPostgresStore } from '../../server/store/postgres-store.ts';
import { describeEventStore } from './event-store-contract.ts';

function failTheTest(error: Error): never {
  throw error;
}

describeEventStore('the PostgreSQL store', async () => {
  const database = await createDatabase();
  const store = await openPostgresStore({ url: database.url, onFatal: failTheTest });
  return {
    store,
    addDevice: (personId, device) => addDeviceTo(database, personId, device),
    async remove() {
      await store.close();
      await database.drop();
    },
  };
});
void withoutPostgres;
