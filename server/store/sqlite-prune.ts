/**
 * Letting go of what is older than it is to be kept, a little at a time. Runs inside the writer's transaction.
 *
 * What stays of an event is the place and tag of the last one that went, so that a device that was up to date resumes
 * there. What stays of a message is all but its text: its id, so that it takes effect once for ever; its seq, so that none
 * is given twice; and its digest, by which its sender's next try is known for the same message.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { PruneLimits, PruneStep } from './event-store.ts';
import { sqliteCode } from './sqlite-commit.ts';

/** Of a step, which others wait for. */
const inboxesAtOnce = 200;
const eventsAtOnce = 500;
const messagesAtOnce = 200;

interface Inbox {
  n: number;
  pruned_to: number;
}

interface MessageRow {
  n: number;
  conversation: number;
  seq: number;
  sender: number;
  recipient: number;
  accepted_at: string;
}

export function createPrune(db: DatabaseSync) {
  const nextInboxes = db.prepare(
    'SELECT n, pruned_to FROM person WHERE n > ? AND head > pruned_to ORDER BY n LIMIT ?',
  );
  // A superseded receipt has no time, and goes with what is around it.
  const eventsOf = db.prepare(`
    SELECT i.position, coalesce(m.accepted_at, i.receipt ->> '$.at') AS at
    FROM inbox i LEFT JOIN message m ON m.n = i.message
    WHERE i.person = ? AND i.position > ? ORDER BY i.position LIMIT ?`);
  const dropEvents = db.prepare('DELETE FROM inbox WHERE person = ? AND position < ?');
  const emptyEvent = db.prepare(
    'UPDATE inbox SET message = NULL, receipt = NULL WHERE person = ? AND position = ?',
  );
  const setPrunedEvents = db.prepare('UPDATE person SET pruned_to = ? WHERE n = ?');
  const nextMessages = db.prepare(`
    SELECT n, conversation, seq, sender, recipient, accepted_at
    FROM message WHERE n > (SELECT pruned_to FROM life) ORDER BY n LIMIT ?`);
  const firstInInbox = db.prepare(`
    SELECT message FROM inbox WHERE person = ? AND message IS NOT NULL ORDER BY position LIMIT 1`);
  const dropText = db.prepare("UPDATE message SET text = '' WHERE n = ?");
  const setPrunedSeq = db.prepare('UPDATE conversation SET pruned_to = ? WHERE n = ?');
  const setPrunedMessages = db.prepare('UPDATE life SET pruned_to = ?');

  /** One step of a pass over everything: inboxes first, because an event must not outlive its message. */
  return function prune({ eventsBefore, messagesBefore }: PruneLimits, from: PruneStep['next']): PruneStep {
    const limit = [eventsBefore, messagesBefore]
      .filter((each) => each !== undefined)
      .toSorted()
      .at(-1);
    if (limit === undefined || from === undefined) return { removed: 0, next: undefined };
    if (from !== 'messages') return pruneInboxes(limit, from);
    return messagesBefore === undefined ? { removed: 0, next: undefined } : pruneMessages(messagesBefore);
  };

  function pruneInboxes(before: string, after: number): PruneStep {
    const inboxes = nextInboxes.all(after, inboxesAtOnce) as unknown as Inbox[];
    let removed = 0;
    for (const inbox of inboxes) {
      const { count, isMore } = pruneInbox(inbox, before, eventsAtOnce - removed);
      removed += count;
      if (isMore) return { removed, next: inbox.n - 1 };
    }
    const last = inboxes.at(-1)?.n;
    return { removed, next: inboxes.length < inboxesAtOnce || last === undefined ? 'messages' : last };
  }

  function pruneInbox(
    { n, pruned_to: from }: Inbox,
    before: string,
    atMost: number,
  ): { count: number; isMore: boolean } {
    const rows = eventsOf.all(n, from, atMost) as unknown as { position: number; at: string | null }[];
    const firstKept = rows.findIndex(({ at }) => at !== null && at >= before);
    const expired = firstKept === -1 ? rows.length : firstKept;
    if (expired > 0) {
      const last = rows[expired - 1]!.position;
      dropEvents.run(n, last);
      emptyEvent.run(n, last);
      setPrunedEvents.run(last, n);
    }
    return { count: expired, isMore: firstKept === -1 && rows.length === atMost };
  }

  /** By their numbers, which is as they were accepted: so what is kept of a conversation has no holes. */
  function pruneMessages(before: string): PruneStep {
    const rows = nextMessages.all(messagesAtOnce) as unknown as MessageRow[];
    const firstNeeded = new Map<number, number>();
    const isInInbox = (person: number, message: number) => {
      if (!firstNeeded.has(person)) {
        const first = firstInInbox.get(person) as { message: number } | undefined;
        firstNeeded.set(person, first?.message ?? Number.MAX_SAFE_INTEGER);
      }
      return firstNeeded.get(person)! <= message;
    };
    // Times need not rise with the numbers, a clock may have jumped: where one event stays, its message and all after it do.
    const firstKept = rows.findIndex(
      ({ n, sender, recipient, accepted_at: at }) =>
        at >= before || isInInbox(sender, n) || isInInbox(recipient, n),
    );
    const expired = firstKept === -1 ? rows : rows.slice(0, firstKept);
    for (const { n, conversation, seq } of expired) {
      dropText.run(n);
      setPrunedSeq.run(seq, conversation);
    }
    const last = expired.at(-1);
    if (last) setPrunedMessages.run(last.n);
    return { removed: expired.length, next: expired.length === messagesAtOnce ? 'messages' : undefined };
  }
}

/** What was let go is still in the log, until that is cut off; false while a reader is in the way. Outside of transactions. */
export function wipeLog(db: DatabaseSync): boolean {
  db.exec('PRAGMA busy_timeout = 100'); // who writes waits for this
  try {
    const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    return busy === 0;
  } catch (error) {
    // BUSY, LOCKED and FULL: there will be another time.
    if ([5, 6, 13].includes((sqliteCode(error) ?? 0) & 0xff)) return false;
    throw error;
  } finally {
    db.exec('PRAGMA busy_timeout = 5000');
  }
}
