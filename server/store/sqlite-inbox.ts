/** Putting events into inboxes: the next position, with a tag of its own. Runs inside the writer's transaction. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { failpoint } from '../failpoint.ts';
import type { WrittenEvent } from './recent-events.ts';
import type { PersonRow } from './sqlite-rows.ts';

const tagBytes = 6;
const drawnAtOnce = 1024;

/** Whose inbox it is, as they were read in this transaction. */
export type Addressee = Pick<PersonRow, 'n' | 'id' | 'head'>;

/** A message, by its number, on its way into the inbox of a person. */
export interface InboxEntry {
  person: Addressee;
  message: number;
  /** Its data, as one line of JSON. */
  json: string;
}

export function createInbox(db: DatabaseSync) {
  const setHead = db.prepare('UPDATE person SET head = ? WHERE n = ?');
  const takePositions = db.prepare('UPDATE person SET head = head + ? WHERE n = ? RETURNING head');
  const add = db.prepare(
    'INSERT INTO inbox (person, position, tag, message, receipt) VALUES (?, ?, ?, ?, ?)',
  );
  const supersede = db.prepare('UPDATE inbox SET receipt = NULL WHERE person = ? AND position = ?');
  const drawTag = createTags();

  /** The new head, which is the last of the `count` positions taken. */
  function takeUpTo(count: number, person: number): number {
    return (takePositions.get(count, person) as { head: number }).head;
  }

  return {
    /**
     * Puts messages into the inboxes of their persons, in order; each inbox moves on once for all of its own. Nothing was put
     * there since the persons were read.
     */
    putMessages(entries: readonly InboxEntry[]): WrittenEvent[] {
      const written: WrittenEvent[] = [];
      for (const [n, own] of Map.groupBy(entries, (entry) => entry.person.n)) {
        let position = own[0]!.person.head;
        setHead.run(position + own.length, n);
        for (const { person, message, json } of own) {
          const tag = drawTag();
          position += 1;
          add.run(n, position, tag, message, null);
          written.push({ personId: person.id, position, tag, kind: 'inbox', json });
        }
        failpoint('inbox-written');
      }
      return written;
    },
    /** Puts an event that is neither message nor receipt: the log keeps it like a receipt, with its kind in it. */
    putNotice(person: number, notice: { kind: string; at: string }): void {
      add.run(person, takeUpTo(1, person), drawTag(), null, JSON.stringify(notice));
    },
    /** Puts a receipt, and empties the one it supersedes; that one's place and tag stay. */
    putReceipt({ n, id: personId }: PersonRow, receipt: object, superseded: number | null): WrittenEvent {
      if (superseded !== null) supersede.run(n, superseded);
      const position = takeUpTo(1, n);
      const tag = drawTag();
      const json = JSON.stringify(receipt);
      add.run(n, position, tag, null, json);
      const written = { personId, position, tag, kind: 'receipt', json } as const;
      return superseded === null ? written : { ...written, supersedes: superseded };
    },
  };
}

/** Random tags, drawn many at a time because each draw costs a call into the kernel. */
function createTags(): () => string {
  let drawn = '';
  let used = 0;
  return () => {
    if (used === drawn.length) {
      drawn = randomBytes(tagBytes * drawnAtOnce).toString('hex');
      used = 0;
    }
    const tag = drawn.slice(used, used + tagBytes * 2);
    used += tagBytes * 2;
    return tag;
  };
}
