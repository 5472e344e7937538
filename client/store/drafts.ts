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
    if (text === '') await tx.objectStore('drafts').delete(peerId);
    else await tx.objectStore('drafts').put({ peerId, text });
  });
  announceChange('drafts');
}
