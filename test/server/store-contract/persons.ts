/** Persons and sessions: who has a nick, and until when. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { parseEventId } from '../../../server/protocol/event-id.ts';
import { at, draftTo, join, minutesLater, type Stage } from './stage.ts';

export function describePersons(stage: Stage): void {
  const { newNick, joinAs } = stage;

  describe('persons', () => {
    it('gives a nick to one person, whatever its case or look-alike letters', async () => {
      const nick = newNick('paco');
      await join(stage.store, nick);
      const attempts = [nick.toUpperCase(), nick.replace('o', 'о'), nick.replace('a', 'α')];
      for (const attempt of attempts) {
        const outcome = await stage.store.signIn({ nick: attempt, tokenHash: randomUUID(), at });
        assert.equal(outcome.kind, 'nick-taken', attempt);
      }
    });

    it('gives a nick to nobody while it looks in its capitals like another’s, or like one that rests', async () => {
      const [greek, latin] = [newNick('ΝΑΝ'), newNick('NIN')];
      await join(stage.store, greek, `${greek} 1`);
      await join(stage.store, latin, `${latin} 1`);
      const claim = async (nick: string) =>
        (await stage.store.signIn({ nick, tokenHash: randomUUID(), at })).kind;
      const alike = [greek.replaceAll('Ν', 'N'), latin.replaceAll('N', 'Ν')];
      for (const nick of alike) assert.equal(await claim(nick), 'nick-taken', nick);
      await stage.store.signOut(`${greek} 1`, at);
      assert.equal(await claim(alike[0]!), 'signed-in', 'it is free again');
      const owner = await stage.store.personOfNick(latin);
      await stage.store.deletePerson(owner!.id, at, minutesLater(10));
      assert.equal(await claim(alike[1]!), 'nick-taken');
    });

    it('lets exactly one of a hundred have a nick that all want at once', async () => {
      const nick = newNick('wanted');
      const attempts = Array.from({ length: 100 }, () =>
        stage.store.signIn({ nick, tokenHash: randomUUID(), at }),
      );
      const outcomes = await Promise.all(attempts);
      assert.equal(outcomes.filter(({ kind }) => kind === 'signed-in').length, 1);
    });

    it('takes the same attempt for the same person, and ends the session whose answer was lost', async () => {
      const nick = newNick('lost');
      const key = randomUUID();
      const first = await stage.store.signIn({ nick, tokenHash: `${nick} a`, key, at });
      const again = await stage.store.signIn({ nick, tokenHash: `${nick} b`, key, at: minutesLater(9) });
      assert.deepEqual(again, { ...first, ended: `${nick} a` });
      assert.equal(await stage.store.personOfSession(`${nick} a`), undefined);
      assert.equal((await stage.store.personOfSession(`${nick} b`))?.nick, nick);
    });

    it('refuses the nick to another attempt, and to the same after ten minutes', async () => {
      const nick = newNick('late');
      const key = randomUUID();
      await stage.store.signIn({ nick, tokenHash: `${nick} a`, key, at });
      const other = await stage.store.signIn({ nick, tokenHash: `${nick} b`, key: randomUUID(), at });
      const late = await stage.store.signIn({ nick, tokenHash: `${nick} c`, key, at: minutesLater(11) });
      assert.deepEqual([other.kind, late.kind], ['nick-taken', 'nick-taken']);
    });

    it('frees the nick with the last session; who takes it next is another person with an empty inbox', async () => {
      const ana = await joinAs('ana');
      const nick = newNick('freed');
      const first = await join(stage.store, nick, `${nick} 1`);
      await stage.store.append(ana.id, [draftTo(nick, 'for the first')], at);
      const { left } = await stage.store.signOut(`${nick} 1`, at);
      assert.equal(left?.id, first.id);
      assert.equal(await stage.store.personOfSession(`${nick} 1`), undefined);

      const second = await join(stage.store, nick, `${nick} 2`);
      assert.notEqual(second.id, first.id);
      assert.equal(parseEventId(await stage.store.head(second.id))!.position, 0);
      assert.equal((await stage.store.person(first.id))?.nick, nick, 'the first stays as a label');
    });

    it('knows nobody by a token that was never given, and ends nothing by it', async () => {
      assert.equal(await stage.store.personOfSession('never given'), undefined);
      assert.deepEqual(await stage.store.signOut('never given', at), { left: undefined });
    });

    it('finds people by a part of their nick, regardless of case and look-alikes', async () => {
      const bernd = await join(stage.store, newNick('Bernd'));
      for (const search of ['ber', 'BERN', 'bегn', bernd.nick]) {
        const found = await stage.store.people(search, 100);
        assert.deepEqual(found, [bernd], search);
      }
    });

    it('takes wildcards of its query language for letters', async () => {
      await joinAs('under');
      const found = await stage.store.people('_', 100);
      assert.deepEqual(found, []);
      assert.deepEqual(await stage.store.people('%', 100), []);
    });

    it('lists who has a nick now, in order, at most as many as asked for', async () => {
      const nicks = [newNick('list-b'), newNick('List-A'), newNick('list-c')];
      for (const nick of nicks) await join(stage.store, nick);
      await stage.store.signOut(`token of ${nicks[2]}`, at);
      const found = await stage.store.people('list-', 100);
      assert.deepEqual(
        found.map(({ nick }) => nick),
        [nicks[1], nicks[0]],
      );
      assert.equal((await stage.store.people(undefined, 1)).length, 1);
    });

    it('remembers when somebody was last online, and never an earlier time', async () => {
      const ana = await joinAs('seen');
      assert.equal(ana.lastSeen, null);
      await stage.store.recordSeen([{ personId: ana.id, at: minutesLater(5) }]);
      await stage.store.recordSeen([{ personId: ana.id, at: minutesLater(1) }]);
      assert.equal((await stage.store.person(ana.id))?.lastSeen, minutesLater(5));
    });
  });
}
