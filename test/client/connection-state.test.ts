import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  dueAt,
  next,
  type ConnectionEvent,
  type ConnectionState,
  type Step,
} from '../../client/sync/connection-state.ts';

const now = 1_000_000;
const stopped: ConnectionState = { name: 'stopped' };
const connecting: ConnectionState = { name: 'connecting', attempt: 0, until: now + 5_000, isRetry: false };
const catchingUp: ConnectionState = {
  name: 'catching-up',
  heartbeatMs: 15_000,
  until: now + 37_500,
  openedAt: now - 60_000,
};
const live: ConnectionState = { ...catchingUp, name: 'live' };
const probing: ConnectionState = { name: 'probing', attempt: 2, until: now + 10_000 };
const waiting: ConnectionState = { name: 'waiting', attempt: 3, until: now + 4_000 };
const refused: ConnectionState = { name: 'refused', why: 'signed-out' };
const all = [stopped, connecting, catchingUp, live, probing, waiting, refused];

const step = (state: ConnectionState, event: ConnectionEvent, random = 0.5): Step =>
  next(state, event, now, random);

describe('the connection', () => {
  it('opens when it is started, and waits 5 s for ack', () => {
    assert.deepEqual(step(stopped, { type: 'start' }), { state: connecting, effects: ['open'] });
    assert.equal(dueAt(connecting), now + 5_000);
  });

  it('is live once it has caught up, and knows when silence is too long', () => {
    const acked = step(connecting, { type: 'ack', heartbeatMs: 15_000 }).state;
    assert.equal(acked.name, 'catching-up');
    assert.equal(dueAt(acked), now + 37_500);
    assert.equal(step(acked, { type: 'caught-up' }).state.name, 'live');
  });

  it('takes silence longer than 2.5 heartbeats as a dead connection, and opens a new one at once', () => {
    for (const state of [live, catchingUp]) {
      assert.deepEqual(step(state, { type: 'due' }).effects, ['open']);
    }
    assert.equal(dueAt(step(live, { type: 'heard' }).state), now + 37_500);
  });

  it('leaves the first retry to the browser, which resumes with Last-Event-ID', () => {
    const retry = step(live, { type: 'failed', closed: false });
    assert.equal(retry.state.name, 'connecting');
    assert.deepEqual(retry.effects, []);
    assert.equal(step(retry.state, { type: 'ack', heartbeatMs: 15_000 }).state.name, 'catching-up');
  });

  it('does not leave a second retry to it: then it asks what is wrong', () => {
    const retry = step(live, { type: 'failed', closed: false }).state;
    assert.deepEqual(step(retry, { type: 'failed', closed: false }).effects, ['close', 'probe']);
  });

  it('goes on where a browser gives up: after any answer that is not a stream', () => {
    for (const state of [connecting, catchingUp, live]) {
      const after = step(state, { type: 'failed', closed: true });
      assert.equal(after.state.name, 'probing');
      assert.deepEqual(after.effects, ['close', 'probe']);
    }
  });

  it('waits longer after each failure, with jitter, and never more than 30 s', () => {
    const waits = [0, 1, 2, 3, 10].map((attempt) => {
      const { state } = step({ ...probing, attempt }, { type: 'probed', result: 'unreachable' }, 0.999);
      return Math.round((dueAt(state)! - now) / 1000);
    });
    assert.deepEqual(waits, [1, 2, 4, 8, 30]);
    const immediate = step(probing, { type: 'probed', result: 'unreachable' }, 0).state;
    assert.equal(dueAt(immediate), now);
  });

  it('stops when the session is gone or another person’s, and says which', () => {
    for (const why of ['signed-out', 'other-person'] as const) {
      assert.deepEqual(step(probing, { type: 'probed', result: why }).state, { name: 'refused', why });
    }
    assert.deepEqual(step(refused, { type: 'wake' }), { state: refused, effects: [] });
    assert.equal(step(refused, { type: 'start' }).state.name, 'connecting');
  });

  it('opens at once when there is reason to believe that the network is back', () => {
    for (const state of [live, catchingUp, probing, waiting]) {
      assert.deepEqual(step(state, { type: 'wake' }).effects, ['open'], state.name);
    }
  });

  it('does not open again what was opened just now', () => {
    const fresh: ConnectionState = { ...live, openedAt: now - 500 };
    assert.deepEqual(step(fresh, { type: 'wake' }), { state: fresh, effects: [] });
    assert.deepEqual(step(connecting, { type: 'wake' }), { state: connecting, effects: [] });
  });

  it('goes on from the stored cursor when something could not be stored', () => {
    for (const state of [connecting, catchingUp, live]) {
      assert.deepEqual(step(state, { type: 'reopen' }).effects, ['open']);
    }
  });

  it('closes whatever it does when it is stopped', () => {
    for (const state of all) {
      assert.deepEqual(step(state, { type: 'stop' }), { state: stopped, effects: ['close'] });
    }
  });

  it('has an answer for every pair of state and event, and only an open one ever opens twice a second', () => {
    const events: ConnectionEvent[] = [
      { type: 'start' },
      { type: 'ack', heartbeatMs: 1_000 },
      { type: 'heard' },
      { type: 'caught-up' },
      { type: 'failed', closed: true },
      { type: 'failed', closed: false },
      { type: 'reopen' },
      { type: 'probed', result: 'signed-in' },
      { type: 'wake' },
      { type: 'due' },
    ];
    for (const state of all) {
      for (const event of events) {
        const { state: after, effects } = step(state, event);
        assert.ok(after.name, `${state.name} and ${event.type}`);
        if (state.name === 'stopped' && event.type !== 'start') assert.deepEqual(effects, []);
      }
    }
  });
});
