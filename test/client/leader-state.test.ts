import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  leaderDueAt,
  nextLeader,
  type LeaderEffect,
  type LeaderEvent,
  type LeaderState,
} from '../../client/sync/leader-state.ts';

const now = 1_000_000;
const out: LeaderState = { name: 'out', visible: true };
const waiting: LeaderState = { name: 'waiting', visible: true, heardAt: now - 5_000 };
const leading: LeaderState = { name: 'leading', visible: true, until: now + 1_000 };
const hidden = (state: LeaderState): LeaderState => ({ ...state, visible: false });

const step = (state: LeaderState, event: LeaderEvent) => nextLeader(state, event, now);
const effects = (state: LeaderState, event: LeaderEvent): LeaderEffect[] => step(state, event).effects;

describe('leading', () => {
  it('queues for the lock when it enters, and says that it is seen', () => {
    assert.deepEqual(step(out, { type: 'enter' }), {
      state: { name: 'waiting', visible: true, heardAt: now },
      effects: ['queue', 'say-claim'],
    });
    assert.deepEqual(effects(hidden(out), { type: 'enter' }), ['queue']);
  });

  it('opens the stream with the lock, and says every 3 s that it lives', () => {
    const { state, effects: begun } = step(waiting, { type: 'granted' });
    assert.deepEqual(begun, ['lead', 'say-beat']);
    assert.equal(leaderDueAt(state), now + 3_000);
    assert.deepEqual(effects(state, { type: 'due' }), ['say-beat']);
  });

  it('offers the stream to a visible tab before a hidden one takes it', () => {
    const { state, effects: begun } = step(hidden(waiting), { type: 'granted' });
    assert.deepEqual(begun, ['say-beat']);
    assert.deepEqual(effects(state, { type: 'claim' }), ['drop', 'queue']);
    assert.deepEqual(effects(state, { type: 'due' }), ['lead', 'say-beat']);
    assert.deepEqual(effects(state, { type: 'seen', visible: true }), ['lead', 'say-beat']);
  });

  it('says at once when it is hidden, so that a visible tab can claim the stream', () => {
    const { state, effects: said } = step(leading, { type: 'seen', visible: false });
    assert.deepEqual(said, ['say-beat']);
    assert.deepEqual(effects(waiting, { type: 'beat', visible: false }), ['say-claim']);
    assert.deepEqual(effects(state, { type: 'claim' }), ['follow', 'drop', 'queue']);
  });

  it('gives nothing away while it is seen itself', () => {
    assert.deepEqual(effects(leading, { type: 'claim' }), []);
    assert.deepEqual(effects(waiting, { type: 'beat', visible: true }), []);
  });

  it('replaces a leader that was silent for 8 s, but only for a tab that is seen', () => {
    assert.equal(leaderDueAt(waiting), now + 3_000);
    assert.deepEqual(effects(waiting, { type: 'due' }), ['drop', 'steal', 'say-claim']);
    assert.equal(leaderDueAt(hidden(waiting)), undefined);
    assert.deepEqual(effects(hidden(waiting), { type: 'due' }), []);
  });

  it('takes only the word of who has the lock for a sign of life', () => {
    assert.equal(leaderDueAt(step(waiting, { type: 'claim' }).state), now + 3_000);
    assert.equal(leaderDueAt(step(waiting, { type: 'beat', visible: true }).state), now + 8_000);
  });

  it('does not take its own sleep for the silence of the leader', () => {
    const seen = step(hidden(waiting), { type: 'seen', visible: true });
    assert.equal(leaderDueAt(seen.state), now + 8_000);
    assert.deepEqual(seen.effects, ['say-claim']);
  });

  it('lets go of stream and lock before it is frozen, and queues again when it is back', () => {
    assert.deepEqual(step(leading, { type: 'leave' }), { state: out, effects: ['follow', 'drop'] });
    assert.deepEqual(effects(waiting, { type: 'leave' }), ['drop']);
    assert.deepEqual(effects(out, { type: 'leave' }), []);
    assert.deepEqual(effects(out, { type: 'enter' }), ['queue', 'say-claim']);
  });

  it('closes its stream when the lock was stolen, and queues behind the thief', () => {
    assert.deepEqual(effects(leading, { type: 'lost' }), ['follow', 'queue', 'say-claim']);
    assert.deepEqual(effects(out, { type: 'lost' }), []);
  });

  it('has a stream exactly while it leads, whatever happens', () => {
    const event = fc.oneof(
      fc.constantFrom<LeaderEvent['type']>('enter', 'leave', 'granted', 'lost', 'claim', 'due'),
      fc.constantFrom<LeaderEvent['type']>('seen', 'beat'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.boolean(), fc.nat(20_000))), (events) => {
        let state: LeaderState = out;
        let hasStream = false;
        /** Asked for, or held. */
        let hasLock = false;
        let at = now;
        for (const [type, visible, laterMs] of events) {
          at += laterMs;
          const next = nextLeader(state, { type, visible }, at);
          if (type === 'lost') hasLock = false;
          for (const effect of next.effects) {
            if (effect === 'lead' || effect === 'follow') {
              assert.notEqual(hasStream, effect === 'lead', 'never opened or closed twice');
              hasStream = effect === 'lead';
            }
            if (effect === 'queue' || effect === 'steal' || effect === 'drop') {
              if (effect !== 'drop') assert.equal(hasLock, false, 'never asked for twice');
              hasLock = effect !== 'drop';
            }
          }
          state = next.state;
          assert.equal(hasStream, state.name === 'leading');
          assert.equal(hasLock, state.name !== 'out');
        }
      }),
    );
  });
});
