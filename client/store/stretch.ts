/**
 * What this device has of a conversation without a hole, from the newest back, and its digest. It is read from the
 * messages themselves each time: a sum that is kept beside them would go on being right when they are not.
 */
import { digestOfAll, emptyDigest, plus, type Digest, type Summand } from '../../server/protocol/digest.ts';
import { announceChange } from './changes.ts';
import type { Database } from './database.ts';

/** Both ends included; `from` is `upTo + 1` where there is nothing. */
export interface StretchHere {
  from: number;
  upTo: number;
  digest: Digest;
}

/** Rows in one transaction: a long conversation must not keep others from the database. */
const pageSize = 500;

/** The stretch that ends at `upTo`, or with the last message that came in; it begins at `notBefore` at the earliest. */
export async function readStretch(
  db: Database,
  peerId: string,
  { upTo, notBefore = 1 }: { upTo?: number; notBefore?: number } = {},
): Promise<StretchHere> {
  const last = await db.read(['conversations'], (tx) => tx.objectStore('conversations').get(peerId));
  const top = upTo ?? last?.lastSeq ?? 0;
  let from = top + 1;
  let digest = emptyDigest;
  while (from > notBefore) {
    const page = await readPage(db, peerId, Math.max(notBefore, from - pageSize), from - 1);
    const seqs = new Set(page.map(({ seq }) => seq));
    const below = from;
    while (from > notBefore && seqs.has(from - 1)) from -= 1;
    digest = plus(digest, digestOfAll(page.filter(({ seq }) => seq >= from)));
    if (from > Math.max(notBefore, below - pageSize)) break;
  }
  return { from, upTo: top, digest };
}

async function readPage(db: Database, peerId: string, from: number, upTo: number): Promise<Summand[]> {
  const range = IDBKeyRange.bound([peerId, from], [peerId, upTo]);
  const rows = await db.read(['messages'], (tx) => tx.objectStore('messages').index('thread').getAll(range));
  // What has no seq is known to be nowhere but here.
  return rows.flatMap(({ seq, ...row }) => (seq === undefined ? [] : [{ ...row, seq }]));
}

/** Remembers that this stretch was the server's, too. */
export async function noteChecked(
  db: Database,
  peerId: string,
  { from, upTo }: StretchHere,
  at: string,
): Promise<void> {
  await db.write(['conversations'], async (tx) => {
    const row = await tx.objectStore('conversations').get(peerId);
    if (row) await tx.objectStore('conversations').put({ ...row, checked: { from, upTo, at } });
  });
  announceChange('conversations');
}
