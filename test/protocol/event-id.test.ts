import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatEventId, parseEventId } from '../../server/protocol/event-id.ts';

describe('an event id', () => {
  it('says its parts and is made of the letters that are allowed', () => {
    const id = formatEventId({ epoch: 'k3j9', position: 42, tag: '0123456789ab' });
    assert.match(id, /^[0-9A-Za-z._-]{1,64}$/);
    assert.deepEqual(parseEventId(id), { epoch: 'k3j9', position: 42, tag: '0123456789ab' });
  });

  it('is undefined for anything that is none of ours, and never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => parseEventId(text) === undefined));
    for (const id of [
      '',
      'a.1',
      'a.-1.0123456789ab',
      'a.01.0123456789ab',
      `a.${'9'.repeat(17)}.0123456789ab`,
    ]) {
      assert.equal(parseEventId(id), undefined, id);
    }
  });
});
