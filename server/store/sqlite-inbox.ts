/** Putting events into inboxes: the next position, with a tag of its own. Runs inside the writer's transaction. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

const tagBytes = 6;
const drawnAtOnce = 1024;

export function createInbox(db: DatabaseSync) {
  const takePosition = db.prepare('UPDATE person SET head = head + 1 WHERE n = ? RETURNING head');
  const add = db.prepare(
    'INSERT INTO inbox (person, position, tag, message, receipt) VALUES (?, ?, ?, ?, ?)',
  );
  const supersede = db.prepare('UPDATE inbox SET receipt = NULL WHERE person = ? AND position = ?');
  const drawTag = createTags();

  function put(person: number, message: number | null, receipt: string | null): number {
    const { head } = takePosition.get(person) as { head: number };
    add.run(person, head, drawTag(), message, receipt);
    return head;
  }

  return {
    putMessage: (person: number, message: number) => put(person, message, null),
    /** Puts a receipt, and empties the one it supersedes; that one's place and tag stay. */
    putReceipt(person: number, receipt: object, superseded: number | null): number {
      if (superseded !== null) supersede.run(person, superseded);
      return put(person, null, JSON.stringify(receipt));
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
