/** The devices of a person, and the nicks of who does not come back. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Ended, NickLimits } from '../../../server/store/event-store.ts';
import { at, join, minutesLater, type Stage } from './stage.ts';

const days = (n: number) => minutesLater(n * 24 * 60);

export function describeDevices(stage: Stage): void {
  const { newNick, joinAs } = stage;

  describe('devices', () => {
    it('are listed with name, begin and last use, the one used last first', async () => {
      const nick = newNick('two');
      const attempt = { nick, tokenHash: `${nick} a`, device: 'Chrome on Android', at };
      const outcome = await stage.store.signIn(attempt);
      assert.ok(outcome.kind === 'signed-in');
      const second = await stage.addDevice(outcome.me.id, { tokenHash: `${nick} b`, at: minutesLater(1) });
      await stage.store.recordUse(`${nick} a`, minutesLater(9));
      await stage.store.recordUse(`${nick} a`, minutesLater(3));
      const found = await stage.store.devices(outcome.me.id, `${nick} b`);
      const first = found[0]!.id;
      assert.deepEqual(found, [
        { id: first, name: 'Chrome on Android', since: at, lastUsed: minutesLater(9), current: false },
        { id: second, name: '', since: minutesLater(1), lastUsed: minutesLater(1), current: true },
      ]);
      assert.ok(!JSON.stringify(found).includes(`${nick} a`), 'the hash of a token is told to nobody');
    });

    it('are ended one by one, or all others at once; the nick goes with the last', async () => {
      const nick = newNick('many');
      const { id } = await join(stage.store, nick, `${nick} 1`);
      const second = await stage.addDevice(id, { tokenHash: `${nick} 2`, at });
      for (const n of [3, 4]) await stage.addDevice(id, { tokenHash: `${nick} ${n}`, at });
      assert.deepEqual(await stage.store.endDevices(id, { id: second }, at), {
        sessions: [`${nick} 2`],
        left: [],
      });
      const others = await stage.store.endDevices(id, { allBut: `${nick} 1` }, at);
      assert.deepEqual([others.sessions.toSorted(), others.left], [[`${nick} 3`, `${nick} 4`], []]);
      assert.equal(await stage.store.personOfSession(`${nick} 3`), undefined);
      const [last] = await stage.store.devices(id, `${nick} 1`);
      const { left } = await stage.store.endDevices(id, { id: last!.id }, at);
      assert.deepEqual(
        left.map((person) => person.id),
        [id],
      );
      await join(stage.store, nick, `${nick} 5`);
    });

    it('of another person are ended by nobody', async () => {
      const [ana, bo] = [await joinAs('mine'), await joinAs('other')];
      const [device] = await stage.store.devices(ana.id, 'x');
      const none: Ended = { sessions: [], left: [] };
      assert.deepEqual(await stage.store.endDevices(bo.id, { id: device!.id }, at), none);
      assert.equal((await stage.store.devices(ana.id, 'x')).length, 1);
    });
  });

  describe('a nick none of whose devices is seen', () => {
    /** A look on this day: held for 30 days, quarantined for 90. */
    async function sweep(day: number): Promise<Ended> {
      const limits: NickLimits = {
        at: days(day),
        seenBefore: days(day - 30),
        holdUntil: days(day + 30),
        quarantineUntil: days(day + 90),
      };
      const all: Ended = { sessions: [], left: [] };
      for (let from: number | undefined = 0; from !== undefined;) {
        const { next, sessions, left }: Ended & { next: number | undefined } = await stage.store.sweepNicks(
          limits,
          from,
        );
        all.sessions.push(...sessions);
        all.left.push(...left);
        from = next;
      }
      return all;
    }

    const canJoin = async (nick: string, day: number) => {
      const attempt = { nick, tokenHash: randomUUID(), at: days(day) };
      return (await stage.store.signIn(attempt)).kind === 'signed-in';
    };

    it('is held for 30 days, then freed, and nobody takes it for another 90', async () => {
      const [gone, stays] = [newNick('gone'), newNick('stays')];
      const { id } = await join(stage.store, gone, gone);
      await join(stage.store, stays, stays);
      for (let day = 0; day <= 31; day += 1) {
        if (day % 7 === 0) await stage.store.recordUse(stays, days(day));
        const { sessions } = await sweep(day);
        assert.equal(sessions.includes(gone), day === 31, `on day ${day}`);
        assert.ok(!sessions.includes(stays));
      }
      assert.equal(await stage.store.personOfSession(gone), undefined);
      assert.equal(await stage.store.personOfNick(gone), undefined);
      assert.equal((await stage.store.person(id))?.nick, gone, 'they stay as a label');
      assert.ok(!(await canJoin(gone, 32)));
      assert.ok(!(await canJoin(gone.toUpperCase(), 120)), 'nor in other letters');
      assert.ok(await canJoin(gone, 122));
    });

    it('is held anew when nobody looked for more than a day: the server may have been away', async () => {
      const nick = newNick('away');
      await stage.store.signIn({ nick, tokenHash: nick, at: days(200) });
      await sweep(200);
      for (let day = 240; day < 270; day += 1) {
        assert.deepEqual((await sweep(day)).sessions, [], `on day ${day}`);
      }
      assert.ok((await sweep(270)).sessions.includes(nick));
    });
  });
}
