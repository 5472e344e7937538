/**
 * A store that several nodes in this process share, on SQLite: what shared-store.ts adds is answered from what every
 * store can. For tests of the nodes; the store of several machines has tests of its own.
 */
import { parseEventId } from '../../server/protocol/event-id.ts';
import type { EventStore } from '../../server/store/event-store.ts';
import type { SharedStore } from '../../server/store/shared-store.ts';

export function sharedBy(store: EventStore): SharedStore {
  let decided = '';
  let discretion = 0;
  return {
    ...store,
    async glance({ personIds, tokenHashes }) {
      const now = JSON.stringify(await store.discretion());
      if (now !== decided) discretion += 1;
      decided = now;
      const heads = await Promise.all(
        personIds.map(async (id): Promise<[string, number]> => [
          id,
          parseEventId(await store.head(id))!.position,
        ]),
      );
      const persons = await Promise.all(tokenHashes.map((hash) => store.personOfSession(hash)));
      return { heads, ended: tokenHashes.filter((_, index) => !persons[index]), discretion };
    },
    // Its nodes end one after the other; who opened it closes it.
    close: () => Promise.resolve(),
  };
}
