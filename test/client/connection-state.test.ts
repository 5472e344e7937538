import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dueAt, next } from '../../client/sync/connection-state.ts';
import type {
  ConnectionEvent,
  ConnectionState,
  Effect,
  Polling,
  Step,
} from '../../client/sync/connection-types.ts';

const now = 1_000_000;
const minute = 60_000;
const stopped: ConnectionState = { name: 'stopped' };
/** Asked for the stream two seconds ago. */
const connecting: ConnectionState = {
  name: 'connecting',
  attempt: 0,
  since: now - 2_000,
  until: now + 3_000,
  isRetry: false,
};
/** The browser opens it again by itself. */
const retrying: ConnectionState = { ...connecting, isRetry: true };
/** After a stream that may have died with its network. */
const doubtful: ConnectionState = { ...connecting, isDoubtful: true };
const catchingUp: ConnectionState = {
  name: 'catching-up',
  attempt: 0,
  heartbeatMs: 15_000,
  until: now + 37_500,
  openedAt: now - minute,
  isRetry: false,
};
const live: ConnectionState = { ...catchingUp, name: 'live' };
/** Polls, and leaves streams alone. */
const polling: Polling = {
  name: 'polling',
  attempt: 0,
  since: now - minute,
  heard: 'all',
  stream: 'none',
  until: now + minute,
};
/** Begins to poll; a stream follows once that was answered. */
const pollingSoon: Polling = { ...polling, heard: 'nothing', stream: 'soon' };
/** Polls, with a stream on trial. */
const trying: Polling = { ...polling, stream: 'trying' };
const probing: ConnectionState = {
  name: 'probing',
  attempt: 1,
  until: now + 10_000,
  stream: 'refused',
  polls: false,
};
const waiting: ConnectionState = { name: 'waiting', attempt: 3, until: now + 4_000, polls: false };
const refused: ConnectionState = { name: 'refused', why: 'signed-out' };

const states = {
  stopped,
  connecting,
  retrying,
  doubtful,
  catchingUp,
  live,
  polling,
  pollingSoon,
  trying,
  probing,
  waiting,
  refused,
};
type StateKey = keyof typeof states;

const step = (state: ConnectionState, event: ConnectionEvent, random = 0.5): Step =>
  next(state, event, now, random);
const ack: ConnectionEvent = { type: 'ack', heartbeatMs: 15_000 };

/** What follows from an event in a state: the state's name and the effects. Where nothing is said, nothing changes. */
const table: [ConnectionEvent, Partial<Record<StateKey, [ConnectionState['name'], ...Effect[]]>>][] = [
  [{ type: 'start' }, { stopped: ['connecting', 'open'], refused: ['connecting', 'open'] }],
  [
    { type: 'stop' },
    Object.fromEntries(Object.keys(states).map((key) => [key, ['stopped', 'close', 'end-poll']])),
  ],
  [{ type: 'opened' }, { connecting: ['connecting'], retrying: ['connecting'], trying: ['polling'] }],
  [
    ack,
    {
      connecting: ['catching-up'],
      retrying: ['catching-up'],
      doubtful: ['catching-up'],
      trying: ['catching-up', 'end-poll'],
    },
  ],
  [{ type: 'heard' }, {}],
  [{ type: 'caught-up' }, { catchingUp: ['live'] }],
  [
    { type: 'failed', closed: true },
    {
      connecting: ['probing', 'close', 'probe'],
      retrying: ['probing', 'close', 'probe'],
      doubtful: ['probing', 'close', 'probe'],
      catchingUp: ['probing', 'close', 'probe'],
      live: ['probing', 'close', 'probe'],
      trying: ['polling', 'close'],
    },
  ],
  [
    { type: 'failed', closed: false },
    {
      connecting: ['probing', 'close', 'probe'],
      retrying: ['probing', 'close', 'probe'],
      doubtful: ['probing', 'close', 'probe'],
      catchingUp: ['connecting'],
      live: ['connecting'],
      trying: ['polling', 'close'],
    },
  ],
  [{ type: 'polled', more: false }, { pollingSoon: ['polling', 'open'] }],
  [{ type: 'polled', more: true }, { pollingSoon: ['polling', 'open'] }],
  [
    { type: 'poll-failed' },
    {
      polling: ['probing', 'close', 'end-poll', 'probe'],
      pollingSoon: ['probing', 'close', 'end-poll', 'probe'],
      trying: ['probing', 'close', 'end-poll', 'probe'],
    },
  ],
  [
    { type: 'reopen' },
    {
      connecting: ['connecting', 'open'],
      retrying: ['connecting', 'open'],
      doubtful: ['connecting', 'open'],
      catchingUp: ['connecting', 'open'],
      live: ['connecting', 'open'],
      polling: ['polling', 'close', 'poll'],
      pollingSoon: ['polling', 'close', 'poll'],
      trying: ['polling', 'close', 'poll'],
    },
  ],
  [{ type: 'probed', result: 'signed-in' }, { probing: ['waiting'] }],
  [{ type: 'probed', result: 'unreachable' }, { probing: ['waiting'] }],
  [
    { type: 'probed', result: 'signed-out' },
    { probing: ['refused'], doubtful: ['refused', 'close'] },
  ],
  [
    { type: 'probed', result: 'other-person' },
    { probing: ['refused'], doubtful: ['refused', 'close'] },
  ],
  [
    { type: 'wake' },
    {
      connecting: ['connecting', 'open'],
      retrying: ['connecting', 'open'],
      doubtful: ['connecting', 'open'],
      catchingUp: ['connecting', 'open', 'probe'],
      live: ['connecting', 'open', 'probe'],
      polling: ['polling', 'close', 'poll'],
      pollingSoon: ['polling', 'close', 'poll'],
      trying: ['polling', 'close', 'poll'],
      probing: ['connecting', 'open'],
      waiting: ['connecting', 'open'],
    },
  ],
  [{ type: 'evidence' }, { waiting: ['connecting', 'open'] }],
  [
    { type: 'due' },
    {
      connecting: ['probing', 'close', 'probe'],
      retrying: ['connecting', 'open'],
      doubtful: ['connecting', 'open'],
      catchingUp: ['connecting', 'open', 'probe'],
      live: ['connecting', 'open', 'probe'],
      polling: ['polling', 'open'],
      pollingSoon: ['polling', 'open'],
      trying: ['polling', 'close'],
      probing: ['waiting'],
      waiting: ['connecting', 'open'],
    },
  ],
];

describe('the connection, by its table', () => {
  for (const [event, row] of table) {
    it(`has decided ${JSON.stringify(event)} in every state`, () => {
      for (const [key, state] of Object.entries(states)) {
        const [name, ...effects] = row[key as StateKey] ?? [state.name];
        const after = step(state, event);
        assert.deepEqual({ name: after.state.name, effects: after.effects }, { name, effects }, key);
      }
    });
  }
});

describe('the connection', () => {
  it('waits 5 s for ack, from when the request has left: a snapshot before it may take longer', () => {
    const opening = step(stopped, { type: 'start' }).state;
    assert.ok(dueAt(opening)! > now + minute);
    assert.equal(dueAt(step(opening, { type: 'opened' }).state), now + 5_000);
  });

  it('is live once it has caught up, and knows when silence is too long', () => {
    const acked = step(connecting, ack).state;
    assert.equal(dueAt(acked), now + 37_500);
    assert.equal(dueAt(step(live, { type: 'heard' }).state), now + 37_500);
  });

  it('leaves the first retry to the browser, which resumes with Last-Event-ID', () => {
    const retry = step(live, { type: 'failed', closed: false });
    assert.deepEqual(retry.effects, []);
    assert.equal(step(retry.state, ack).state.name, 'catching-up');
  });

  it('does not leave a second retry to it', () => {
    const retry = step(live, { type: 'failed', closed: false }).state;
    assert.deepEqual(step(retry, { type: 'failed', closed: false }).effects, ['close', 'probe']);
    const young = { ...live, isRetry: true, openedAt: now - 1_000 };
    assert.deepEqual(step(young, { type: 'failed', closed: false }).effects, ['close', 'probe']);
    const steady = { ...live, isRetry: true, openedAt: now - minute };
    assert.deepEqual(step(steady, { type: 'failed', closed: false }).effects, []);
  });

  it('waits longer after each failure, with jitter, and never more than 30 s', () => {
    const waits = [0, 1, 2, 3, 10].map((attempt) => {
      const { state } = step({ ...probing, attempt }, { type: 'probed', result: 'unreachable' }, 0.999);
      return Math.floor((dueAt(state)! - now) / 1000);
    });
    assert.deepEqual(waits, [1, 2, 4, 8, 30]);
  });

  it('never tries again at once, however lucky the jitter', () => {
    const after = (result: 'signed-in' | 'unreachable') =>
      dueAt(step(probing, { type: 'probed', result }, 0).state)! - now;
    assert.equal(after('signed-in'), 250);
    assert.equal(after('unreachable'), 1_000);
  });

  it('leaves a server alone for as long as it asks, unless there is reason to believe that the network changed', () => {
    const held = step(probing, { type: 'probed', result: 'unreachable', afterMs: 90_000 }).state;
    assert.equal(dueAt(held), now + 90_000);
    assert.deepEqual(step(held, { type: 'wake' }).effects, ['open']);
  });

  it('stops when the session is gone or another person’s, and says which', () => {
    for (const why of ['signed-out', 'other-person'] as const) {
      assert.deepEqual(step(probing, { type: 'probed', result: why }).state, { name: 'refused', why });
    }
  });

  it('does not open again what was opened just now', () => {
    for (const fresh of [
      { ...live, openedAt: now - 500 },
      { ...connecting, since: now - 500 },
      { ...polling, since: now - 500 },
    ] as ConnectionState[]) {
      assert.deepEqual(step(fresh, { type: 'wake' }), { state: fresh, effects: [] });
    }
  });

  it('opens again what a clock that was put back makes look young', () => {
    const ahead = now + 3_600_000;
    const young: [ConnectionState, Effect[]][] = [
      [{ ...live, openedAt: ahead }, ['open', 'probe']],
      [{ ...connecting, since: ahead }, ['open']],
    ];
    for (const [state, effects] of young) {
      assert.deepEqual(next(state, { type: 'wake' }, now, 0.5).effects, effects);
    }
    assert.deepEqual(next({ ...polling, since: ahead }, { type: 'wake' }, now, 0.5).effects, [
      'close',
      'poll',
    ]);
  });

  it('opens the stream once more when another connection lives and the one of the stream seems not to', () => {
    const asking = step(step(live, { type: 'due' }).state, { type: 'opened' }).state;
    assert.equal(dueAt(asking), now + 5_000);
    assert.equal(dueAt(step(asking, { type: 'probed', result: 'unreachable' }).state), now + 5_000);
    const answered = next(asking, { type: 'probed', result: 'signed-in' }, now + 2_200, 0.5).state;
    assert.equal(dueAt(answered), now + 3_300);
    const again = next(answered, { type: 'due' }, now + 3_300, 0.5);
    assert.deepEqual([again.state.name, again.effects], ['connecting', ['open']]);
    // Now it is the network that does not let streams through.
    const silent = next(again.state, { type: 'due' }, now + 9_000, 0.5);
    assert.deepEqual(silent.effects, ['close', 'probe']);
  });

  it('goes on from a new cursor at once, but is not led round in circles by a server that resets again', () => {
    const again = step(live, { type: 'reopen' }).state;
    const reset = step(step(again, { type: 'opened' }).state, ack).state;
    const held = step(reset, { type: 'reopen' });
    assert.equal(held.state.name, 'waiting');
    assert.deepEqual(held.effects, ['close']);
    const pollReset = step(step(polling, { type: 'reopen' }).state, { type: 'reopen' });
    assert.equal(pollReset.state.name, 'waiting');
    assert.deepEqual(pollReset.effects, ['close', 'end-poll']);
  });

  it('waits longer each time when what comes cannot be stored', () => {
    let state: ConnectionState = live;
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      state = step(state, { type: 'failed', closed: true }).state;
      state = step(state, { type: 'probed', result: 'signed-in' }, 0.999).state;
      if (state.name !== 'waiting') break;
      waits.push(Math.floor((dueAt(state)! - now) / 1000));
      state = step(step(state, { type: 'due' }).state, ack).state;
    }
    assert.deepEqual(waits, [1, 4, 16]);
  });
});

describe('the connection without a stream', () => {
  const silent = step(connecting, { type: 'due' }).state;

  it('polls when the stream stays silent although the server answers', () => {
    const { state, effects } = step(silent, { type: 'probed', result: 'signed-in' });
    assert.deepEqual(effects, ['close', 'poll']);
    assert.equal(state.name, 'polling');
  });

  it('does not take a dead network for one that holds streams back', () => {
    assert.equal(step(silent, { type: 'probed', result: 'unreachable' }).state.name, 'waiting');
  });

  it('polls when streams fail again and again although the server answers', () => {
    const failing: ConnectionState = { ...probing, attempt: 3 };
    assert.equal(step(failing, { type: 'probed', result: 'signed-in' }).state.name, 'polling');
  });

  it('tries a stream after ten minutes, beside the polls, and goes back to it with its ack', () => {
    const begun = step(silent, { type: 'probed', result: 'signed-in' }).state;
    const answered = step(begun, { type: 'polled', more: false });
    assert.deepEqual(answered.effects, []);
    assert.equal(dueAt(answered.state), now + 10 * minute);
    const trial = step(answered.state, { type: 'due' });
    assert.deepEqual(trial.effects, ['open']);
    assert.deepEqual(step(trial.state, ack).effects, ['end-poll']);
  });

  it('lets the polls go on where the trial of a stream fails or stays silent', () => {
    for (const event of [{ type: 'failed', closed: true }, { type: 'due' }] as ConnectionEvent[]) {
      const after = step(trying, event);
      assert.deepEqual(after.effects, ['close']);
      assert.equal(dueAt(after.state), now + 10 * minute);
    }
  });

  it('polls anew on a network that may be another one, and tries a stream as soon as that was answered', () => {
    const woken = step(polling, { type: 'wake' });
    assert.deepEqual(woken.effects, ['close', 'poll']);
    assert.equal((woken.state as Polling).heard, 'all');
    assert.deepEqual(step(woken.state, { type: 'polled', more: false }).effects, ['open']);
  });

  it('still polls when the network comes back, until a stream works', () => {
    let state = step(polling, { type: 'poll-failed' }).state;
    state = step(state, { type: 'probed', result: 'unreachable' }).state;
    const back = step(state, { type: 'due' });
    assert.deepEqual(back.effects, ['close', 'poll']);
    const trial = step(back.state, { type: 'polled', more: true }).state;
    const working = step(step(trial, ack).state, { type: 'wake' });
    assert.equal(working.state.name, 'catching-up');
    const later = next(working.state, { type: 'wake' }, now + minute, 0.5);
    assert.deepEqual(later.effects, ['open', 'probe']);
    assert.equal(later.state.name, 'connecting');
  });

  it('is up to date after the first answer with nothing behind it, and stays so', () => {
    const first = step(pollingSoon, { type: 'polled', more: true }).state as Polling;
    assert.equal(first.heard, 'something');
    const second = step(first, { type: 'polled', more: false }).state as Polling;
    assert.equal(second.heard, 'all');
    assert.equal((step(second, { type: 'polled', more: true }).state as Polling).heard, 'all');
  });
});
