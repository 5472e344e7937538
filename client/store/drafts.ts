/**
 * What was typed and not sent: one draft per conversation, kept through reload and crash.
 */
import { announceChange } from './changes.ts';
import type { Database } from './database.ts';

export async function readDraft(db: Database, peerId: string): Promise<string> {
  const row = await db.read(['drafts'], (tx) => tx.objectStore('drafts').get(peerId));
  return row?.text ?? '';
}

/** Keeps the draft; an empty one is none. */
export async function saveDraft(db: Database, peerId: string, text: string): Promise<void> {
  await db.write(['drafts'], async (tx) => {
    const drafts = tx.objectStore('drafts');
    const kept = text === '' ? drafts.delete(peerId) : drafts.put({ peerId, text });
    // The page may be about to go, and then nobody is there to end the transaction.
    if ('commit' in tx) tx.commit();
    await kept;
  });
  announceChange('drafts');
}
