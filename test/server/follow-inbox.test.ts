/** The loop that a stream is, at the moments that a clock hardly ever hits. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createLocalBus } from '../../server/bus/event-bus.ts';
import { acceptMessages } from '../../server/inbox/accept-messages.ts';
import { followInbox } from '../../server/inbox/follow-inbox.ts';
import type { EventStore } from '../../server/store/event-store.ts';
import { Turns } from '../../server/inbox/turns.ts';
import { openSqliteStore, type SqliteStore } from '../../server/store/sqlite-store.ts';
import { draftTo, join } from './store-contract/stage.ts';

describe('following an inbox', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-follow-'));
  let store: SqliteStore;
  before(async () => {
    store = await openSqliteStore({
      dataDir,
      onFatal(error) {
        throw error;
      },
    });
  });
  after(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  /** Follows until so many messages came; `afterReading` happens between a read and what is made of it. */
  async function follow(personId: string, count: number, afterReading: (reads: number) => Promise<void>) {
    const bus = createLocalBus();
    let reads = 0;
    const slow: EventStore = {
      ...store,
      async readInbox(...asked) {
        const page = await store.readInbox(...asked);
        reads += 1;
        await afterReading(reads);
        return page;
      },
    };
    const texts: string[] = [];
    const { promise: over, resolve } = Promise.withResolvers<unknown>();
    followInbox({ store: slow, bus, turns: new Turns(1) }, personId, await store.head(personId), {
      async events({ events }) {
        texts.push(...events.map(({ json }) => (JSON.parse(json) as { text: string }).text));
        return texts.length < count;
      },
      reset: async () => assert.fail('nothing is wrong with the cursor'),
      caughtUp: () => undefined,
      over: resolve,
    });
    return { bus, over, texts };
  }

  it('misses nothing that comes in after it read, and before it waits', { timeout: 20_000 }, async () => {
    const ana = await join(store, 'ana');
    const { bus, over, texts } = await follow(ana.id, 3, async (reads) => {
      if (reads > 3) return;
      await acceptMessages({ store, bus }, ana.id, [draftTo('ana', `${reads}`)], new Date());
    });
    assert.equal(await over, undefined);
    assert.deepEqual(texts, ['1', '2', '3']);
  });
});
