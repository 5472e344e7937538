import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { installWay, isMomentToOffer, type InstallFacts } from '../../client/ui/install-offer.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const now = 100 * dayMs;
const facts = (changes: Partial<InstallFacts>): InstallFacts => ({
  isInstalled: false,
  canPrompt: false,
  isIos: false,
  visits: 1,
  hasSent: false,
  putOffAt: 0,
  ...changes,
});

describe('the way to install', () => {
  it('is a button where the browser lets one install', () => {
    assert.equal(installWay(facts({ canPrompt: true })), 'button');
  });
  it('is the share sheet on an iPhone or iPad', () => {
    assert.equal(installWay(facts({ isIos: true })), 'share-sheet');
  });
  it('is none in another browser', () => {
    assert.equal(installWay(facts({})), 'none');
  });
  it('is none once it is installed', () => {
    assert.equal(installWay(facts({ isInstalled: true, canPrompt: true, isIos: true })), 'none');
  });
});

describe('the moment to offer it', () => {
  it('is not the first visit', () => {
    assert.equal(isMomentToOffer(facts({}), now), false);
  });
  it('is the second visit, or the first message that was sent', () => {
    assert.equal(isMomentToOffer(facts({ visits: 2 }), now), true);
    assert.equal(isMomentToOffer(facts({ hasSent: true }), now), true);
  });
  it('is not within 30 days of a "not now", and then it is again', () => {
    const putOff = facts({ visits: 9, hasSent: true, putOffAt: now });
    assert.equal(isMomentToOffer(putOff, now + 30 * dayMs - 1), false);
    assert.equal(isMomentToOffer(putOff, now + 30 * dayMs), true);
  });
});
