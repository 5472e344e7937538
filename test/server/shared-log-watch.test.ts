/** What a node finds out by looking at the store that it shares with others. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { SharedLogWatch } from '../../server/bus/shared-log-watch.ts';
import type { Glance } from '../../server/store/shared-store.ts';

const nothing = { apart: [], withoutPresence: [], withoutTyping: [] };

function aWatch(t: TestContext, glance: () => Promise<Glance>, isLinkUp = () => true) {
  const found: unknown[] = [];
  const asked: unknown[] = [];
  const watch = new SharedLogWatch({
    store: {
      glance: (asking) => {
        asked.push(asking);
        return glance();
      },
      discretion: () => Promise.resolve(nothing),
    },
    isLinkUp,
    listened: () => ['ann', 'bob'],
    trusted: () => ['a session'],
    onNews: (inboxes) => found.push(['news', ...inboxes]),
    onEnded: (tokenHashes) => found.push(['ended', ...tokenHashes]),
    onDiscretion: () => found.push('discretion'),
    onError: (error) => found.push(error),
  });
  t.after(() => watch.end());
  return { watch, found, asked };
}

describe('looking at a log that others write too', () => {
  it('signals the inboxes that are new or have grown, and no other', async (t) => {
    const glances: Glance[] = [
      { heads: [['ann', 4]], ended: [], discretion: 1 },
      {
        heads: [
          ['ann', 4],
          ['bob', 0],
        ],
        ended: [],
        discretion: 1,
      },
      {
        heads: [
          ['ann', 5],
          ['bob', 0],
        ],
        ended: ['a session'],
        discretion: 2,
      },
      {
        heads: [
          ['ann', 5],
          ['bob', 0],
        ],
        ended: [],
        discretion: 2,
      },
    ];
    const left = glances.values();
    const { watch, found, asked } = aWatch(t, () => Promise.resolve(left.next().value!));
    for (const _ of glances) {
      await watch.look();
      found.push('.');
    }
    assert.deepEqual(found, [
      ...['discretion', ['news', 'ann'], '.'],
      ...[['news', 'bob'], '.'],
      ...[['ended', 'a session'], 'discretion', ['news', 'ann'], '.'],
      '.',
    ]);
    assert.deepEqual(asked[0], { personIds: ['ann', 'bob'], tokenHashes: ['a session'] });
  });

  it('looks once more for all who ask while it looks, and goes on after a look that failed', async (t) => {
    let first = Promise.withResolvers<Glance>();
    const { watch, asked, found } = aWatch(t, () => first.promise);
    const early = watch.look();
    await Promise.resolve();
    const late = [watch.look(), watch.look(), watch.look()];
    const { reject } = first;
    first = Promise.withResolvers();
    first.resolve({ heads: [], ended: [], discretion: 0 });
    reject(new Error('away'));
    await Promise.all([early, ...late]);
    assert.equal(asked.length, 2);
    assert.deepEqual(found, [new Error('away'), 'discretion']);
  });

  it('looks every two seconds, and every second while there is no link', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    let isLinkUp = true;
    const glance = () => Promise.resolve({ heads: [], ended: [], discretion: 0 });
    const { watch, asked } = aWatch(t, glance, () => isLinkUp);
    const looksIn = async (seconds: number) => {
      const before = asked.length;
      for (let n = 0; n < seconds; n += 1) {
        t.mock.timers.tick(1_000);
        await new Promise(setImmediate);
      }
      return asked.length - before;
    };
    assert.equal(await looksIn(4), 2);
    isLinkUp = false;
    assert.equal(await looksIn(4), 4);
    await watch.end();
  });
});
