/**
 * What a transaction does: it locks every person whom its calls are about, then takes all drafts together, all receipts
 * together, and the rest one by one. Calls that meet in a transaction were under way at the same time: their order is free.
 */
import { failpoint } from '../failpoint.ts';
import type { Draft, Receipts } from '../protocol/requests.ts';
import { appendAll, wantedByAppend, type AppendCall } from './postgres-append.ts';
import type { Call } from './postgres-commit.ts';
import type { Db } from './postgres-connection.ts';
import { readDelivered, type ReceiptsCall } from './postgres-delivered.ts';
import { deletePerson, erase } from './postgres-erase.ts';
import { sweepNicks } from './postgres-nicks.ts';
import { addReport, setPeer, setPrivacy } from './postgres-peers.ts';
import { lockPersons } from './postgres-persons.ts';
import { prune } from './postgres-prune.ts';
import { recordAll, wantedByReceipts } from './postgres-receipts.ts';
import { endDevices, recordSeen, recordUse, signIn, signOut } from './postgres-sessions.ts';

/** Each with its own questions; whom they are about they lock themselves. */
const commands = {
  signIn,
  signOut,
  endDevices,
  recordUse,
  recordSeen,
  sweepNicks,
  deletePerson,
  erase,
  prune,
  setPeer,
  setPrivacy,
  addReport,
};

export const written = ['append', 'recordReceipts', ...Object.keys(commands)];

/** Answers the values of the calls, in their order. */
export async function work(db: Db, epoch: string, calls: readonly Call[]): Promise<unknown[]> {
  const appends = calls
    .filter(({ name }) => name === 'append')
    .map(({ parameters }) => {
      const [senderId, drafts, acceptedAt] = parameters as [string, Draft[], string];
      return { senderId, drafts, acceptedAt } satisfies AppendCall;
    });
  const receipts = calls
    .filter(({ name }) => name === 'recordReceipts')
    .map(({ parameters }) => {
      const [personId, told, at] = parameters as [string, Receipts, string];
      return { personId, receipts: told, at } satisfies ReceiptsCall;
    });
  const answers = new Map<string, unknown[]>();
  if (appends.length > 0 || receipts.length > 0) {
    const news = await readDelivered(db, epoch, receipts);
    const asked = [...appends.map(wantedByAppend), wantedByReceipts(receipts, news)];
    const persons = await lockPersons(db, {
      ids: [...new Set(asked.flatMap(({ ids = [] }) => ids))],
      skeletons: [...new Set(asked.flatMap(({ skeletons = [] }) => skeletons))],
      numbers: asked.at(-1)!.numbers ?? [],
    });
    if (appends.length > 0) answers.set('append', await appendAll(db, persons, appends));
    failpoint('message-written');
    failpoint('inbox-written');
    if (receipts.length > 0) answers.set('recordReceipts', await recordAll(db, persons, receipts, news));
  }
  const values: unknown[] = [];
  for (const { name, parameters } of calls) {
    const together = answers.get(name);
    if (together) values.push(together.shift());
    else {
      const command = commands[name as keyof typeof commands] as (
        db: Db,
        ...rest: unknown[]
      ) => Promise<unknown>;
      values.push(await command(db, ...parameters));
    }
  }
  return values;
}
