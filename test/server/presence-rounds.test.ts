/** Who is told that somebody came or went, and how much of it at a time. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Discretion } from '../../server/realtime/discretion.ts';
import type { EventStream, SharedFrames } from '../../server/realtime/event-stream.ts';
import { PresenceRounds } from '../../server/realtime/presence-rounds.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

const nextTurn = () => new Promise(setImmediate);

const person = (n: number, online = true) => ({
  id: `id${n}`,
  nick: `p${n}`,
  online,
  lastSeen: online ? '2026-01-01T00:00:00.000Z' : null,
});

/** So many who listen, and how often each was told of whom. */
function crowd(size: number, discretion: Partial<ConstructorParameters<typeof Discretion>[0]> = {}) {
  const told: string[][] = [];
  const viewers = Array.from({ length: size }, (_, n) => {
    const heard: string[] = [];
    told.push(heard);
    const stream = {
      writePresence: (_latest: unknown, { text }: SharedFrames) =>
        void heard.push(
          ...[...text.matchAll(/"id":"(\w+)","nick":"\w+","online":(\w+)/g)].map((m) => `${m[1]} ${m[2]}`),
        ),
    } as unknown as EventStream;
    return { personId: `id${n}`, stream };
  });
  const asked = { apart: [], withoutPresence: [], withoutTyping: [], ...discretion };
  return { told, rounds: new PresenceRounds(new Discretion(asked), () => viewers) };
}

describe('presence', () => {
  it('is gathered, and only the latest of each is said', () => {
    const { told, rounds } = crowd(2);
    for (const online of [true, false, true]) rounds.say(person(7, online));
    rounds.say(person(8));
    mock.timers.tick(199);
    assert.deepEqual(told, [[], []]);
    mock.timers.tick(1);
    assert.deepEqual(told, [
      ['id7 true', 'id8 true'],
      ['id7 true', 'id8 true'],
    ]);
  });

  it('is told to a crowd bit by bit, so that something else can be done in between', async () => {
    const { told, rounds } = crowd(600);
    rounds.say(person(1));
    mock.timers.tick(200);
    assert.equal(told.flat().length, 250, 'the first of them');
    for (let turn = 0; turn < 2; turn += 1) await nextTurn();
    assert.equal(told.flat().length, 600);
  });

  it('of a flood, carries no more in a second than the server can spare, and loses nobody', async () => {
    const size = 2_000;
    const { told, rounds } = crowd(size);
    for (let n = 0; n < 100; n += 1) rounds.say(person(n));
    mock.timers.tick(200);
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    assert.equal(told.flat().length, size * 30);
    for (let round = 0; round < 3; round += 1) {
      mock.timers.tick(200);
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    }
    assert.ok(told.every((heard) => new Set(heard).size === 100 && heard.length === 100));
  });

  it('passes by who is apart or shows none, and tells everybody that somebody shows none from now on', () => {
    const { told, rounds } = crowd(3, { apart: [['id0', 'id9']], withoutPresence: ['id1', 'id8'] });
    rounds.say(person(9));
    rounds.say(person(8));
    rounds.say(person(1, false));
    mock.timers.tick(200);
    assert.deepEqual(told, [['id1 false'], ['id1 false'], ['id9 true', 'id1 false']]);
  });
});
