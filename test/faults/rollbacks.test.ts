/**
 * The data goes back to an older copy behind the server's back, again and again, and goes on differently each time, so
 * that the positions of what was lost are taken anew. Each cursor of a lost future is told apart, each of the past goes on
 * without a gap; and what the senders offer again is there once. Now and then old events go, as retention has it: their
 * cursors, of whatever past, are told that.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseEventId } from '../../server/protocol/event-id.ts';
import type { Draft, Result } from '../../server/protocol/requests.ts';
import type { StoredPerson } from '../../server/store/event-store.ts';
import { LocalData } from '../support/sim/local-data.ts';

const stories = 100;
const rollbacksPerStory = 10;
const nicks = ['ana', 'bo', 'cy'];

const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-rollbacks-'));
after(() => rmSync(folder, { recursive: true }));

/** An inbox as it is known to be: at index n the cursor of position n, and what was said there, if it was a message. */
type Log = { cursor: string; at: string; text?: string }[];
type Composed = Draft & { from: number };
interface Copy {
  file: string;
  logs: Log[];
  drafts: ReadonlySet<Composed>;
}

const who = fc.nat(nicks.length - 1);
const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), from: who, to: who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), from: who, to: who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('offer again' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('let go' as const), olderThan: fc.nat(8) }) },
);
/** Some deeds, and then the data goes back to one of the copies that there are. */
const chapter = fc.record({ deeds: fc.array(deed, { minLength: 1, maxLength: 8 }), backTo: fc.nat(1_000) });

class Story {
  readonly #file = path.join(folder, `${randomUUID()}.db`);
  #data = new LocalData(this.#file);
  readonly #people: StoredPerson[];
  #logs: Log[];
  /** Of every person, every cursor that was ever told to a device. */
  readonly #told: Set<string>[] = nicks.map(() => new Set());
  #drafts = new Set<Composed>();
  readonly #composed = new Set<Composed>();
  readonly #copies: Copy[] = [];
  overlaps = 0;
  #days = 0;
  #prunedBefore = '';

  constructor() {
    this.#people = nicks.map((nick) => {
      const value = this.#write('signIn', { nick, tokenHash: nick, at: '2026-01-01T00:00:00.000Z' });
      return (value as { me: StoredPerson }).me;
    });
    this.#logs = this.#people.map(({ id }) => [{ cursor: this.#data.read('head', id), at: '' }]);
    this.#note();
    this.copy();
  }

  do(what: typeof deed extends fc.Arbitrary<infer Deed> ? Deed : never): void {
    this.#days += 1;
    switch (what.kind) {
      case 'let go': {
        const eventsBefore = this.#at(this.#days - what.olderThan);
        if (eventsBefore > this.#prunedBefore) this.#prunedBefore = eventsBefore;
        this.#data.prune({ eventsBefore });
        return;
      }
      case 'copy':
        return this.copy();
      case 'send': {
        const text = `${this.#composed.size}`;
        const draft = { id: randomUUID(), from: what.from, to: nicks[what.to]!, text, composedAt: '' };
        this.#composed.add(draft);
        return this.#send([draft]);
      }
      case 'offer again':
        return this.#send([...this.#composed]);
      case 'read': {
        const read = [{ with: nicks[what.to]!, upTo: 1_000_000 }];
        const delivered = this.#logs[what.from]!.at(-1)!.cursor;
        this.#write('recordReceipts', this.#people[what.from]!.id, { read, delivered }, this.#at());
        return this.#note();
      }
    }
  }

  copy(): void {
    const file = `${this.#file}.${this.#copies.length}`;
    copyFileSync(this.#file, file);
    this.#copies.push({ file, logs: this.#logs.map((log) => [...log]), drafts: new Set(this.#drafts) });
  }

  goBackTo(which: number): void {
    const { file, logs, drafts } = this.#copies[which % this.#copies.length]!;
    this.#data.close();
    copyFileSync(file, this.#file);
    this.#data = new LocalData(this.#file);
    this.#logs = logs.map((log) => [...log]);
    this.#drafts = new Set(drafts);
  }

  /** Every cursor there ever was, asked for what comes after it. */
  check(): void {
    for (const [person, told] of this.#told.entries()) {
      const log = this.#logs[person]!;
      const { id } = this.#people[person]!;
      const head = log.at(-1)!.cursor;
      const prunedTo = Number(
        this.#data.all('SELECT pruned_to FROM person WHERE id = ?', id)[0]!['pruned_to'],
      );
      assert.ok(
        log.slice(1, prunedTo + 1).every(({ at, text }) => text === undefined || at < this.#prunedBefore),
        'only what is old went',
      );
      const places = new Map(log.map(({ cursor }, position) => [cursor, position]));
      for (const cursor of told) {
        const place = places.get(cursor);
        const { position } = parseEventId(cursor)!;
        const page = this.#data.read('readInbox', id, cursor, 1_000);
        if (position < prunedTo) {
          assert.deepEqual(page, { kind: 'reset', reason: 'retention', head });
          continue;
        }
        if (place === undefined) {
          assert.deepEqual(page, { kind: 'reset', reason: 'restored', head });
          if (position < log.length) this.overlaps += 1;
          continue;
        }
        assert.ok(page.kind === 'events' && page.cursor === head, `${cursor} goes on`);
        const texts = page.events
          .filter(({ kind }) => kind === 'inbox')
          .map(({ json }) => JSON.parse(json).text as string);
        const expected = log.slice(place + 1).flatMap(({ text }) => text ?? []);
        assert.deepEqual(texts, expected);
      }
    }
    const { texts, once } = this.#data.all(
      'SELECT count(*) AS texts, count(DISTINCT text) AS once FROM message',
    )[0]!;
    assert.deepEqual([texts, once], [this.#drafts.size, this.#drafts.size]);
  }

  end(): void {
    this.#data.close();
    for (const { file } of this.#copies) rmSync(file);
    rmSync(this.#file);
  }

  /** As their devices do, each of its own; what is there is a duplicate, and what was lost is accepted. */
  #send(drafts: Composed[]): void {
    const commands = drafts.map((draft) => ({
      name: 'append',
      parameters: [this.#people[draft.from]!.id, [draft], this.#at()],
    }));
    const answers = this.#data.write(commands) as { value: { results: Result[] } }[];
    for (const [index, draft] of drafts.entries()) {
      const { status } = answers[index]!.value.results[0]!;
      assert.equal(status, this.#drafts.has(draft) ? 'duplicate' : 'accepted');
    }
    for (const draft of drafts.filter((each) => !this.#drafts.has(each))) {
      this.#drafts.add(draft);
      for (const person of new Set([draft.from, nicks.indexOf(draft.to)])) {
        // The cursors between are told to nobody, as within one commit.
        this.#logs[person]!.push({ cursor: '', at: this.#at(), text: draft.text });
      }
    }
    this.#note();
  }

  /** A day is a deed. */
  #at(day = this.#days): string {
    return new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
  }

  /** Takes down where every inbox is now, and tells its cursor to a device. */
  #note(): void {
    for (const [person, log] of this.#logs.entries()) {
      const cursor = this.#data.read('head', this.#people[person]!.id);
      const { position } = parseEventId(cursor)!;
      if (position === log.length) log.push({ cursor, at: this.#at() });
      assert.equal(position, log.length - 1);
      log[position]!.cursor = cursor;
      this.#told[person]!.add(cursor);
    }
  }

  #write(name: string, ...parameters: unknown[]): unknown {
    const [answer] = this.#data.write([{ name, parameters }]);
    assert.ok(answer && 'value' in answer, JSON.stringify(answer));
    return answer.value;
  }
}

describe('data that goes back to an older copy, and goes on', () => {
  it(`is told by every cursor of a lost future, in ${stories * rollbacksPerStory} rollbacks by chance`, (t) => {
    let overlaps = 0;
    const chapters = fc.array(chapter, { minLength: rollbacksPerStory, maxLength: rollbacksPerStory });
    fc.assert(
      fc.property(chapters, (all) => {
        const story = new Story();
        try {
          for (const [index, { deeds, backTo }] of all.entries()) {
            story.goBackTo(backTo);
            if (index % 2 === 1) story.check(); // at once, and not only after it went on
            for (const each of deeds) story.do(each);
            story.check();
          }
          story.do({ kind: 'offer again' });
          story.check();
          overlaps += story.overlaps;
        } finally {
          story.end();
        }
      }),
      { numRuns: stories },
    );
    t.diagnostic(`${overlaps} times a lost cursor was asked whose position was taken anew`);
    assert.ok(overlaps > 1_000);
  });
});
