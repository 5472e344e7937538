/**
 * Keeps the list of people in step: the whole of it at each connect, then change by change. It has a lane of its own,
 * in order, so that messages never wait for presence.
 */
import type { Person } from '../../server/protocol/requests.ts';
import type { Database } from '../store/database.ts';
import { replacePeople, storePerson } from '../store/people.ts';
import { fetchPeople } from './server-calls.ts';

/** Polls bring no presence; then the whole list is fetched so often. */
const againMs = 60_000;

export class PeopleKeeper {
  readonly #db: Database;
  readonly #report: (error: unknown) => void;
  #lane: Promise<void> = Promise.resolve();
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(db: Database, report: (error: unknown) => void) {
    this.#db = db;
    this.#report = report;
  }

  /** Fetches everybody. A question that is under way is given up: its connection may be dead. */
  refresh(): void {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#inTurn(async () => {
      const people = await fetchPeople(signal);
      if (people && !signal.aborted) await replacePeople(this.#db, people);
    });
  }

  /** Somebody's presence or profile changed. */
  note(person: Person): void {
    this.#inTurn(() => storePerson(this.#db, person));
  }

  /** Whether nothing else tells of changes. */
  keepAsking(wanted: boolean): void {
    if (wanted === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = wanted ? setInterval(() => this.refresh(), againMs) : undefined;
  }

  stop(): void {
    this.#asking?.abort();
    this.keepAsking(false);
  }

  #inTurn(work: () => Promise<void>): void {
    this.#lane = this.#lane.then(work).catch(this.#report);
  }
}
