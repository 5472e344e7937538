import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { currentTrouble, tellTrouble } from '../../client/store/trouble.ts';
import { StorageHold } from '../../client/sync/storage-hold.ts';

const fail = async () => {
  throw new DOMException('No room.', 'QuotaExceededError');
};

describe('a connection whose events cannot be stored', () => {
  it('is paused, longer each time, and resumed by itself', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const log: string[] = [];
    const hold = new StorageHold({
      pause: () => log.push('pause'),
      resume: () => log.push('resume'),
      random: () => 1,
    });
    for (const ms of [4_000, 8_000, 16_000]) {
      await assert.rejects(hold.guard(fail), { name: 'QuotaExceededError' });
      test.mock.timers.tick(ms - 1);
      assert.equal(log.at(-1), 'pause');
      test.mock.timers.tick(1);
      assert.equal(log.at(-1), 'resume');
    }
    assert.equal(await hold.guard(async () => 'stored'), 'stored');
    hold.stored();
    await assert.rejects(hold.guard(fail));
    test.mock.timers.tick(4_000);
    assert.equal(log.at(-1), 'resume');
  });

  it('waits no longer for several that fail in the same moment than for one', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const log: string[] = [];
    const hold = new StorageHold({
      pause: () => log.push('pause'),
      resume: () => log.push('resume'),
      random: () => 1,
    });
    await Promise.allSettled([hold.guard(fail), hold.guard(fail), hold.guard(fail)]);
    test.mock.timers.tick(4_000);
    assert.deepEqual(log, ['pause', 'pause', 'pause', 'resume']);
  });

  it('goes on at once when there is reason to, and says that there is room when there was', async () => {
    const log: string[] = [];
    const hold = new StorageHold({ pause: () => log.push('pause'), resume: () => log.push('resume') });
    tellTrouble('full');
    await assert.rejects(hold.guard(fail));
    hold.release();
    hold.release();
    assert.deepEqual(log, ['pause', 'resume']);
    assert.equal(currentTrouble(), 'full');
    hold.stored();
    assert.equal(currentTrouble(), undefined);
  });

  it('is not paused for an error that is not of the storage', async () => {
    const hold = new StorageHold({ pause: () => assert.fail(), resume: () => {} });
    await assert.rejects(
      hold.guard(async () => {
        throw new Error('The database was emptied.');
      }),
    );
  });
});
