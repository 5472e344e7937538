import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMessage } from '../../sw/messages.ts';

describe('what a page says to the worker', () => {
  it('is read, of this version of the page and of older ones', () => {
    assert.deepEqual(readMessage({ type: 'flush' }), { type: 'flush' });
    assert.deepEqual(readMessage({ type: 'flush', onlyIfDue: undefined }), { type: 'flush' });
    assert.deepEqual(readMessage({ type: 'flush', onlyIfDue: true }), { type: 'flush', onlyIfDue: true });
    assert.deepEqual(readMessage({ type: 'SKIP_WAITING' }), { type: 'SKIP_WAITING' });
  });

  it('is ignored if it is anything else', () => {
    const strange = [null, undefined, 'flush', 7, [], {}, { type: 'CACHE_URLS' }, { type: ['flush'] }];
    for (const data of [...strange, { type: 'SKIP_WAITING', onlyIfAlone: 'yes' }]) {
      assert.equal(readMessage(data), undefined, JSON.stringify(data));
    }
  });
});
