/**
 * Moves all data from one store into another, empty one: the same epoch, positions, tags and seqs, so that no device
 * notices. Goes by pages, whatever the size; the target has all of it or nothing, and not before everything was read back
 * and found the same.
 */
import { createHash } from 'node:crypto';
import { digestOf, emptyDigest, plus, type Digest } from '../protocol/digest.ts';
import { CannotCopy } from './sqlite-copy.ts';
import { tables, type Row, type Table, type WholeStore } from './whole-store.ts';

export interface Moved {
  /** Of each table, how many rows. */
  counts: [table: string, rows: number][];
  /** Conversations whose digest was made anew from the texts at the target, and agrees. */
  digests: number;
}

/** Throws CannotCopy, and then the target is as it was. */
export async function moveData(source: WholeStore, target: WholeStore): Promise<Moved> {
  if (!(await target.isEmpty())) {
    throw new CannotCopy(
      `There are people in ${target.name} already, and it is left as it is; name an empty one.`,
    );
  }
  await target.setLife(await source.life());
  const counts: Moved['counts'] = [];
  for (const table of tables) {
    const columns = await columnsOfBoth(source, target, table);
    const sum = await walk(source, table, columns, (rows) => target.put(table.name, columns, rows));
    const found = await walk(target, table, columns);
    if (found.hash !== sum.hash) {
      throw new CannotCopy(
        `What arrived in ${target.name} of '${table.name}' is not what was sent; nothing is kept.`,
      );
    }
    counts.push([table.name, sum.rows]);
  }
  const digests = await compareDigests(target);
  await target.commit();
  return { counts, digests };
}

/** A column that only one of them has would be lost without a word. */
async function columnsOfBoth(source: WholeStore, target: WholeStore, { name }: Table): Promise<string[]> {
  const columns = await target.columns(name);
  const others = await source.columns(name);
  if (columns.toSorted().join() === others.toSorted().join()) return columns;
  throw new Error(`The two stores differ in the columns of '${name}': ${others.join()}; ${columns.join()}.`);
}

/** All rows of a table, page by page; how many there are, and a hash of all of them. */
async function walk(
  store: WholeStore,
  table: Table,
  columns: readonly string[],
  take: (rows: readonly Row[]) => Promise<void> = async () => undefined,
): Promise<{ rows: number; hash: string }> {
  const hash = createHash('sha256');
  let rows = 0;
  for (let last: Row | undefined; ;) {
    const page = await store.page(table, columns, last);
    if (page.length === 0) return { rows, hash: hash.digest('hex') };
    for (const row of page) hash.update(JSON.stringify(columns.map((name) => row[name])));
    await take(page);
    rows += page.length;
    last = page.at(-1);
  }
}

/**
 * Makes the digest of every conversation anew from its messages, as far as their texts are kept; from there on it must be
 * what is stored with the last of them.
 */
async function compareDigests(store: WholeStore): Promise<number> {
  const person = new Map<unknown, string>();
  await walk(store, { name: 'person', key: ['n'] }, ['n', 'id'], async (rows) => {
    for (const { n, id } of rows) person.set(n, String(id));
  });
  let current: unknown;
  let sum: Digest = emptyDigest;
  let conversations = 0;
  const byConversation = { name: 'message', key: ['conversation', 'seq'] };
  const columns = ['conversation', 'seq', 'sender', 'id', 'text', 'digest', 'erased'];
  await walk(store, byConversation, columns, async (rows) => {
    for (const { conversation, seq, sender, id, text, digest, erased } of rows) {
      if (conversation !== current) {
        current = conversation;
        sum = emptyDigest;
        conversations += 1;
      }
      const isGone = text === '' && erased === null;
      const own = { seq: Number(seq), fromId: person.get(sender)!, id: String(id), text: String(text) };
      const erasedSum = erased === null ? {} : { erased: String(erased) };
      sum = isGone ? String(digest) : plus(sum, digestOf({ ...own, ...erasedSum }));
      if (sum !== digest) {
        throw new CannotCopy(`Conversation ${conversation} does not have the digest of its texts at ${seq}.`);
      }
    }
  });
  return conversations;
}
