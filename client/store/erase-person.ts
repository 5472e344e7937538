/**
 * Takes away what somebody wrote who was deleted. The message stays at its place, and what it adds to the digest with it,
 * so that this device and the server still agree.
 */
import type { UserDeleted } from '../../server/protocol/events.ts';
import { digestOf, emptyDigest } from '../../server/protocol/digest.ts';
import type { Topic } from './changes.ts';
import type { WriteTransaction } from './database.ts';

/** Part of a larger write. */
export async function erasePerson(
  tx: WriteTransaction,
  { id }: UserDeleted,
  topics: Set<Topic>,
): Promise<void> {
  const messages = tx.objectStore('messages');
  const rows = await messages.index('thread').getAll(IDBKeyRange.bound([id], [id, []]));
  const theirs = rows.filter((row) => row.fromId === id && row.erased === undefined);
  await Promise.all(
    theirs.map((row) => {
      const { seq } = row;
      const erased = seq === undefined ? emptyDigest : digestOf({ ...row, seq });
      return messages.put({ ...row, text: '', erased });
    }),
  );
  if (theirs.length > 0) topics.add('conversations').add(`thread:${id}`);
}
