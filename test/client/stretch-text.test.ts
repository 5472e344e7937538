/** What is said of how much of a conversation is here. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWhole, stretchText, type StretchShown } from '../../client/ui/stretch-text.ts';
import '../support/english.ts';

const now = new Date('2026-11-24T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const shown: StretchShown = {
  stretch: { from: 1, upTo: 1_204 },
  checked: { from: 1, upTo: 1_204, at: ago(0) },
  doing: undefined,
  outcome: 'same',
  keptFrom: 1,
  isOnline: true,
  now,
};

describe('what is said of a conversation on the device', () => {
  const cases: [string, Partial<StretchShown>][] = [
    ['All 1,204 messages are here, checked just now.', {}],
    ['All 1,204 messages are here, checked 1 minute ago.', { checked: { ...shown.checked!, at: ago(1.9) } }],
    ['All 1,204 messages are here, checked 2 hours ago.', { checked: { ...shown.checked!, at: ago(150) } }],
    ['All 1,204 messages are here, checked yesterday.', { checked: { ...shown.checked!, at: ago(1_500) } }],
    ['All 1,204 messages are here.', { checked: undefined }],
    [
      'All 1,204 messages are here, checked just now up to the 4 newest.',
      { checked: { ...shown.checked!, upTo: 1_200 } },
    ],
    // Of a clock that was put back nobody knows.
    ['All 1,204 messages are here, checked just now.', { checked: { ...shown.checked!, at: ago(-90) } }],
    // What was checked is here no more.
    ['All 900 messages are here.', { stretch: { from: 1, upTo: 900 } }],
    [
      'The newest 30 of 1,204 messages are here, checked just now.',
      { stretch: { from: 1_175, upTo: 1_204 }, checked: { from: 1_175, upTo: 1_204, at: ago(0) } },
    ],
    // The server keeps no more of it either.
    [
      'All 204 messages are here, checked just now.',
      { stretch: { from: 1_001, upTo: 1_204 }, keptFrom: 1_001 },
    ],
    [
      'The one message is here, checked just now.',
      { stretch: { from: 1, upTo: 1 }, checked: { from: 1, upTo: 1, at: ago(0) } },
    ],
    ['Nothing was said yet.', { stretch: { from: 1, upTo: 0 }, checked: undefined }],
    ['All 1,204 messages are here. Comparing with the server…', { doing: 'checking', checked: undefined }],
    [
      'All 1,204 messages are here. They can be compared with the server when you are online.',
      { isOnline: false, checked: undefined, outcome: 'unreachable' },
    ],
    // The stream is believed in still, and nothing else gets through.
    [
      'All 1,204 messages are here, checked 2 hours ago. The server cannot be asked just now.',
      { outcome: 'unreachable', checked: { ...shown.checked!, at: ago(150) } },
    ],
    [
      'Something was not as it is on the server, and was put right. All 1,204 messages are here, checked just now.',
      { outcome: 'mended' },
    ],
  ];
  for (const [text, how] of cases) {
    it(`“${text}”`, () => assert.equal(stretchText({ ...shown, ...how }), text));
  }

  it('never says all while something is known to be missing', () => {
    assert.equal(isWhole({ stretch: { from: 2, upTo: 9 }, keptFrom: 2 }), true);
    assert.equal(isWhole({ stretch: { from: 2, upTo: 9 }, keptFrom: 1 }), false);
  });
});
