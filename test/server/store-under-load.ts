/** A process that sends as fast as it can and prints the id of each acknowledged message; made to be killed. */
import { openSqliteStore } from '../../server/store/sqlite-store.ts';
import { at, draftTo, join } from './store-contract/stage.ts';

const store = await openSqliteStore({
  dataDir: process.argv[2]!,
  onFatal(error) {
    throw error;
  },
});
const ana = await join(store, 'ana');
await Promise.all(
  Array.from({ length: 16 }, async () => {
    for (;;) {
      const { results } = await store.append(ana.id, [draftTo('ana', 'x'), draftTo('ana', 'y')], at);
      process.stdout.write(results.map(({ id }) => `${id}\n`).join(''));
    }
  }),
);
