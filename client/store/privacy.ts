/** What the person shows of themselves. Like what they decided about others it holds at once, and is told when it can be. */
import type { Privacy } from '../../server/protocol/peers.ts';
import { announceChange } from './changes.ts';
import type { Database, PrivacyRow } from './database.ts';
import { untold } from './peers.ts';

const openly: PrivacyRow = { receipts: true, typing: true, presence: true };

export function readPrivacy(db: Database): Promise<PrivacyRow> {
  return db.read(['privacy'], async (tx) => (await tx.objectStore('privacy').get('mine')) ?? openly);
}

export async function changePrivacy(db: Database, change: Partial<Privacy>): Promise<void> {
  await update(db, (row) => ({ ...row, ...change, change: { ...row.change, ...change } }));
}

/** Takes over what the server knows. */
export async function replacePrivacy(db: Database, settings: Privacy): Promise<void> {
  await update(db, ({ change }) => ({ ...settings, ...change, ...(change ? { change } : {}) }));
}

export async function notePrivacyTold(db: Database, told: Partial<Privacy>): Promise<void> {
  await update(db, ({ change, ...rest }) => {
    const left = change && untold(change, told);
    return left ? { ...rest, change: left } : rest;
  });
}

async function update(db: Database, change: (row: PrivacyRow) => PrivacyRow): Promise<void> {
  await db.write(['privacy'], async (tx) => {
    const store = tx.objectStore('privacy');
    await store.put(change((await store.get('mine')) ?? openly), 'mine');
  });
  announceChange('peers');
}
