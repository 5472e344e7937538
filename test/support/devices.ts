/**
 * Devices of four people who write to each other in pairs, as fast as the server answers, and keep to the contract: a
 * batch is sent until it is answered, now and then by two at once; what comes in is followed from the cursor.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message, Result } from '../../server/protocol/requests.ts';
import type { Checker, DeviceView, Seen } from './checker.ts';
import { ApiPerson } from './person.ts';

const nicks = ['ann', 'bob', 'carol', 'dave'];
const devicesEach = 2;
const mostTogether = 4;
/** The backoff of a device, shorter than a person's. */
const backoffMs = 100;

export class Devices {
  /** Of what was answered: text → its place. */
  readonly acknowledged = new Map<string, number>();
  /** Answers that said `duplicate`: the first answer was lost, or two had sent it. */
  duplicates = 0;
  /** Never resolves; rejects when a device was told something that it must never hear. */
  readonly failure: Promise<never>;
  readonly #people: ApiPerson[];
  readonly #cursors: string[];
  readonly #checker: Checker;
  readonly #random: () => number;
  readonly #takesLater: boolean;
  readonly #over = new AbortController();
  readonly #left = new AbortController();
  readonly #senders: Promise<void>[];
  readonly #readers: Promise<DeviceView>[];

  private constructor(
    people: ApiPerson[],
    cursors: string[],
    checker: Checker,
    random: () => number,
    takesLater: boolean,
  ) {
    this.#people = people;
    this.#cursors = cursors;
    this.#checker = checker;
    this.#random = random;
    this.#takesLater = takesLater;
    this.#senders = people.flatMap((_, n) =>
      Array.from({ length: devicesEach }, (__, device) => this.#write(n, `${nicks[n]}${device}`)),
    );
    this.#readers = people.map((person, n) => this.#read(person, cursors[n]!));
    this.failure = new Promise((_, reject) => {
      Promise.all([...this.#senders, ...this.#readers]).catch(reject);
    });
  }

  /** `takesLater`: an answer 503 is nothing wrong, and a reason to ask again. */
  static async start(
    url: string,
    checker: Checker,
    random: () => number,
    takesLater = false,
  ): Promise<Devices> {
    const people = await Promise.all(nicks.map((nick) => ApiPerson.signIn(url, nick)));
    const cursors = await Promise.all(people.map(async (person) => (await person.sync()).cursor));
    return new Devices(people, cursors, checker, random, takesLater);
  }

  /** Others that follow the same inboxes, one for each person, from where these began. */
  followAll<T>(follow: (person: ApiPerson, cursor: string) => T): T[] {
    return this.#people.map((person, n) => follow(person, this.#cursors[n]!));
  }

  /** Everybody sends what is left and reads to the end; what they then have. */
  async finish(): Promise<DeviceView[]> {
    this.#over.abort();
    await Promise.all(this.#senders);
    this.#left.abort();
    return Promise.all(this.#readers);
  }

  async #write(n: number, lane: string): Promise<void> {
    const person = this.#people[n]!;
    const peer = this.#people[n ^ 1]!;
    for (let count = 1; !this.#over.signal.aborted;) {
      const size = 1 + Math.floor(this.#random() * mostTogether);
      const drafts = Array.from({ length: size }, () => person.draft(peer, `${lane} ${count++}`));
      for (const { text } of drafts) this.#checker.begin(lane, text);
      const send = () => this.#untilAnswered(() => person.send(...drafts));
      const asked = this.#random() < 0.1 ? [send(), send()] : [send()];
      // Each as it comes: the other copy may find nobody to answer it for a while.
      await Promise.all(asked.map(async (answer) => this.#hear(await answer)));
      for (const { text } of drafts) this.#checker.keep(text);
    }
  }

  #hear(results: Result[]): void {
    for (const { status, message, error } of results) {
      assert.ok(message, `refused: ${error?.detail}`);
      if (status === 'duplicate') this.duplicates += 1;
      const { text, seq } = message;
      assert.equal(this.acknowledged.get(text) ?? seq, seq, `two places for ${text}`);
      this.acknowledged.set(text, seq);
    }
  }

  /** Follows the inbox; ends once there is nothing more after everybody has finished. */
  async #read({ me, ...person }: ApiPerson, cursor: string): Promise<DeviceView> {
    const reader = new ApiPerson(person.baseUrl, person.cookie, me);
    const thread: Seen[] = [];
    for (let after = cursor; ;) {
      const isLast = this.#left.signal.aborted;
      const batch = await this.#untilAnswered(() => reader.events(after, isLast ? 0 : 1));
      for (const { event, data } of batch.events) {
        assert.equal(event, 'inbox', `${me.nick} was told ${event} ${JSON.stringify(data)}`);
        thread.push(data as Message);
      }
      after = batch.cursor;
      if (isLast && batch.events.length === 0) break;
    }
    const peer = nicks[nicks.indexOf(me.nick) ^ 1]!;
    const name = [me.nick, peer].toSorted().join('-');
    return { name: me.nick, threads: new Map([[name, thread]]), waiting: [] };
  }

  /** Asks again as long as there is nobody to answer; an answer that is none of the contract's fails. */
  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const isLater = error instanceof assert.AssertionError && error.actual === 503;
        if (error instanceof assert.AssertionError && !(isLater && this.#takesLater)) throw error;
        // It keeps no test alive that has failed.
        await sleep(backoffMs, undefined, { ref: false });
      }
    }
  }
}
