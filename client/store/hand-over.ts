/**
 * Handing a batch over, without waiting for an answer before what was composed meanwhile may leave: the outbox may be said
 * again, with what is new. A round trip over a bad line takes seconds, and a connection can be dead without a word.
 *
 * Whoever says it again says everything that waits, oldest first, and so takes another connection. Thus the order
 * holds whichever arrives first, and what came before is a `duplicate`. That is for a few short messages only: a long
 * queue goes batch by batch, since more of the same would only fill the line, and the server counts what it is told.
 */
import type { Draft, Result } from '../../server/protocol/requests.ts';
import { onChange } from './changes.ts';
import type { Database, OutboxRow } from './database.ts';
import { claimAllIfLittle, settle, toDraft } from './outbox.ts';
import type { Submission } from './submit-messages.ts';

const mostTogether = 3;
const little = { maxDrafts: 12, maxBytes: 3 * 1_024 };

/** How long an answer is waited for before the same is said again. */
export interface Pace {
  /** With something new. */
  newsMs: () => number;
  /** As it is, because the connection seems dead. */
  silenceMs: () => number;
}

export interface HandOverTools {
  submit: (drafts: readonly Draft[], as: string, signal?: AbortSignal) => Promise<Submission>;
  now: () => number;
  /** Without it, nothing is said again before an answer. */
  pace?: Pace | undefined;
}

/** What the last word was, and which batch it was about. What was answered is settled. */
export interface HandedOver {
  batch: OutboxRow[];
  submission: Submission;
  tookMs: number;
}

/** One request under way. */
interface Saying {
  batch: OutboxRow[];
  beganAt: number;
  over: AbortController;
  end: Promise<Ended>;
}

interface Ended {
  saying: Saying;
  submission: Submission;
}

/** Ends when nothing is under way any more, or with a refusal of a whole request. */
export async function handOver(
  db: Database,
  first: OutboxRow[],
  tools: HandOverTools,
  leaving?: AbortSignal,
): Promise<HandedOver> {
  const underWay = new UnderWay(db, tools, leaving);
  try {
    underWay.say(first);
    for (;;) {
      const ended = await underWay.next();
      const handedOver = ended ? await underWay.hear(ended) : await underWay.sayAgain();
      if (handedOver) return handedOver;
    }
  } finally {
    underWay.end();
  }
}

class UnderWay {
  readonly #db: Database;
  readonly #tools: HandOverTools;
  readonly #leaving: AbortSignal | undefined;
  /** The oldest first. */
  #sayings: Saying[] = [];
  /** Something may wait that is not under way. */
  #isChanged = false;
  #mayMore = true;
  /** The last time: a connection that breaks at once does not make the next one sooner. */
  #saidAt = 0;
  #wake = () => {};
  readonly #stopListening: () => void;

  constructor(db: Database, tools: HandOverTools, leaving: AbortSignal | undefined) {
    this.#db = db;
    this.#tools = tools;
    this.#leaving = leaving;
    this.#stopListening = onChange((topics) => {
      if (!topics.includes('outbox')) return;
      this.#isChanged = true;
      this.#wake();
    });
  }

  say(batch: OutboxRow[]): void {
    const { submit, now } = this.#tools;
    // A new connection in the place of the youngest: should the line merely be slow, the oldest are answered first.
    if (this.#isFull) this.#sayings.pop()!.over.abort();
    const over = new AbortController();
    const beganAt = now();
    this.#saidAt = beganAt;
    const answer = submit(batch.map(toDraft), this.#db.personId, over.signal);
    const end = answer.then((submission) => ({ saying, submission }));
    const saying: Saying = { batch, beganAt, over, end };
    this.#sayings.push(saying);
  }

  /** What ends next; undefined when it is time to look whether something is to be said again. */
  async next(): Promise<Ended | undefined> {
    const waitMs = this.#isChanged ? Math.min(this.#newsInMs(), this.#silentInMs()) : this.#silentInMs();
    const looks = new Promise<undefined>((resolve) => {
      this.#wake = () => resolve(undefined);
    });
    const timer = waitMs === Infinity ? undefined : setTimeout(this.#wake, waitMs);
    const ended = await Promise.race([...this.#sayings.map(({ end }) => end), looks]);
    clearTimeout(timer);
    return ended;
  }

  async sayAgain(): Promise<undefined> {
    const isSilent = this.#silentInMs() <= 0;
    if (!isSilent && !(this.#isChanged && this.#newsInMs() <= 0)) return;
    this.#isChanged = false;
    const known = new Set(this.#sayings.flatMap(({ batch }) => batch.map(({ id }) => id)));
    const again = await claimAllIfLittle(this.#db, little, isSilent ? undefined : known, this.#tools.now());
    if (again.length > 0) this.say(again);
    else if (isSilent) this.#mayMore = false;
  }

  /** Takes over what was said; the end of it all, if it is that. */
  async hear({ saying, submission }: Ended): Promise<HandedOver | undefined> {
    const at = this.#sayings.indexOf(saying);
    const before = this.#sayings.slice(0, at);
    const after = this.#sayings.slice(at + 1);
    const handedOver = { batch: saying.batch, submission, tookMs: this.#tools.now() - saying.beganAt };
    const named = submission.kind === 'answered' ? namedIn(saying.batch, submission.results) : [];
    if (named.length > 0) {
      // What was said before is in this answer, or waits no more.
      for (const { over } of before) over.abort();
      const lastWords = named.filter((result) => isLastWord(result, after));
      await settle(this.#db, lastWords, this.#tools.now());
      this.#sayings = after;
      this.#mayMore = true;
      return after.length === 0 ? handedOver : undefined;
    }
    if (submission.kind === 'answered') handedOver.submission = { kind: 'retry-later', why: 'not-ours' };
    this.#sayings = [...before, ...after];
    const { submission: end } = handedOver;
    // Another connection may do better. Where that of one broke, the others may be as dead, and a new one is due in time;
    // what a server said is not said again to it.
    if (end.kind !== 'retry-later' || end.why !== 'offline') this.#mayMore = false;
    // At once, where it was given up for having waited: the network is another one.
    else if (handedOver.tookMs >= (this.#tools.pace?.silenceMs() ?? Infinity)) this.#saidAt = -Infinity;
    // Where the oldest has waited for all of its time, and nobody was answered, there is no network.
    const isLater = end.kind === 'retry-later' && end.why !== 'timeout';
    return isLater && this.#sayings.length > 0 ? undefined : handedOver;
  }

  end(): void {
    this.#stopListening();
    for (const { over } of this.#sayings) over.abort();
  }

  #newsInMs(): number {
    return this.#leftOf(({ newsMs }) => newsMs());
  }

  #silentInMs(): number {
    return this.#leftOf(({ silenceMs }) => silenceMs());
  }

  #leftOf(of: (pace: Pace) => number): number {
    const { pace, now } = this.#tools;
    if (!pace || !this.#mayMore || this.#leaving?.aborted) return Infinity;
    const waitMs = this.#isFull ? pace.silenceMs() : of(pace);
    return this.#saidAt + waitMs - now();
  }

  get #isFull(): boolean {
    return this.#sayings.length >= mostTogether;
  }
}

function namedIn(batch: readonly OutboxRow[], results: readonly Result[]): Result[] {
  return results.filter(
    ({ id, status, message }) => (status === 'rejected' || message) && batch.some((row) => row.id === id),
  );
}

/** A refused message is its person's to change only when no request holds it any more that may yet be taken. */
function isLastWord({ id, status }: Result, after: readonly Saying[]): boolean {
  return status !== 'rejected' || !after.some(({ batch }) => batch.some((row) => row.id === id));
}
