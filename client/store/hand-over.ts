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
  end: Promise<{ saying: Saying; submission: Submission }>;
}

/** Ends when nothing is under way any more, or with a refusal of a whole request. */
export async function handOver(
  db: Database,
  first: OutboxRow[],
  tools: HandOverTools,
  leaving?: AbortSignal,
): Promise<HandedOver> {
  let underWay: Saying[] = [];
  let isChanged = false;
  let maySayAgain = tools.pace !== undefined;
  let wake = () => {};
  const stopListening = onChange((topics) => {
    if (!topics.includes('outbox')) return;
    isChanged = true;
    wake();
  });
  const say = (batch: OutboxRow[]) => underWay.push(beginSaying(batch, db.personId, tools));
  say(first);
  try {
    for (;;) {
      const { beganAt } = underWay.at(-1)!;
      const silentAt = beganAt + (tools.pace?.silenceMs() ?? 0) * underWay.length;
      const dueAt = isChanged ? beganAt + (tools.pace?.newsMs() ?? 0) : silentAt;
      const waits = maySayAgain && underWay.length < mostTogether && !leaving?.aborted;
      const looking = Promise.withResolvers<undefined>();
      wake = () => looking.resolve(undefined);
      const timer = waits ? setTimeout(wake, Math.max(0, dueAt - tools.now())) : undefined;
      const ended = await Promise.race([...underWay.map(({ end }) => end), looking.promise]);
      clearTimeout(timer);
      if (!ended) {
        if (!waits || tools.now() < dueAt) continue;
        const isSilent = tools.now() >= silentAt;
        isChanged = false;
        const known = new Set(underWay.flatMap(({ batch }) => batch.map(({ id }) => id)));
        const again = await claimAllIfLittle(db, little, isSilent ? undefined : known, tools.now());
        if (again.length > 0) say(again);
        else if (isSilent) maySayAgain = false;
        continue;
      }
      const { saying, submission } = ended;
      const handedOver = { batch: saying.batch, submission, tookMs: tools.now() - saying.beganAt };
      const before = underWay.slice(0, underWay.indexOf(saying));
      const after = underWay.slice(underWay.indexOf(saying) + 1);
      if (submission.kind === 'answered') {
        const named = namedIn(saying.batch, submission.results);
        if (named.length > 0) {
          // What was said before is in this answer, or waits no more.
          for (const { over } of before) over.abort();
          await settle(
            db,
            named.filter((result) => isLastWord(result, after)),
            tools.now(),
          );
          underWay = after;
          maySayAgain = tools.pace !== undefined;
          if (underWay.length === 0) return handedOver;
          continue;
        }
        handedOver.submission = { kind: 'retry-later', why: 'not-ours' };
      }
      underWay = [...before, ...after];
      // Another connection may do better; but nothing more is put on this line.
      maySayAgain = false;
      if (underWay.length === 0 || handedOver.submission.kind !== 'retry-later') return handedOver;
    }
  } finally {
    stopListening();
    for (const { over } of underWay) over.abort();
  }
}

function beginSaying(batch: OutboxRow[], as: string, { submit, now }: HandOverTools): Saying {
  const over = new AbortController();
  const beganAt = now();
  const end = submit(batch.map(toDraft), as, over.signal).then((submission) => ({ saying, submission }));
  const saying: Saying = { batch, beganAt, over, end };
  return saying;
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
