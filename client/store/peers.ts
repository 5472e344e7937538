/**
 * What the person decided about others: blocked, muted, accepted. It holds here at once, also offline; what the server has
 * not confirmed stays noted in the row until it has. Whoever has no row is accepted, neither blocked nor muted.
 */
import type { PeerFlags, PeersAnswer } from '../../server/protocol/peers.ts';
import type { Message } from '../../server/protocol/requests.ts';
import { announceChange } from './changes.ts';
import type { Database, PeerRow, WriteTransaction } from './database.ts';

/** They wrote, and were neither written to nor accepted. */
export function isRequest(peer: PeerRow | undefined): boolean {
  return peer !== undefined && !peer.accepted && !peer.blocked;
}

export function readPeer(db: Database, id: string): Promise<PeerRow | undefined> {
  return db.read(['peers'], (tx) => tx.objectStore('peers').get(id));
}

export function listPeers(db: Database): Promise<PeerRow[]> {
  return db.read(['peers'], (tx) => tx.objectStore('peers').getAll());
}

export async function decide(
  db: Database,
  { id, nick }: { id: string; nick: string },
  change: Partial<PeerFlags>,
): Promise<void> {
  await db.write(['peers'], async (tx) => {
    const row = (await tx.objectStore('peers').get(id)) ?? undecided(id, nick);
    await tx.objectStore('peers').put({ ...row, ...change, change: { ...row.change, ...change } });
  });
  announceChange('peers');
}

function undecided(id: string, nick: string): PeerRow {
  return { id, nick, blocked: false, muted: false, accepted: true };
}

/** Writing back accepts. Part of a larger write. */
export async function acceptByWriting(tx: WriteTransaction, peerId: string): Promise<void> {
  const row = await tx.objectStore('peers').get(peerId);
  if (!row || row.accepted) return;
  await tx.objectStore('peers').put({ ...row, accepted: true, change: { ...row.change, accepted: true } });
}

/**
 * A message came: the first of somebody is a request, and one that was sent from another device accepts. The server says
 * the same when it is asked; until then nothing of a stranger is shown that should not be. Part of a larger write.
 */
export async function noteWriting(tx: WriteTransaction, myId: string, message: Message): Promise<boolean> {
  const isMine = message.fromId === myId;
  if (!isMine && message.seq > 1) return false;
  const peerId = isMine ? message.toId : message.fromId;
  const row = await tx.objectStore('peers').get(peerId);
  if (isMine) {
    if (!row || row.accepted) return false;
    await tx.objectStore('peers').put({ ...row, accepted: true });
    return true;
  }
  if (row) return false;
  await tx.objectStore('peers').put({ ...undecided(peerId, message.from), accepted: false });
  return true;
}

/** Takes over what the server knows; what it has not heard of stays as it was decided here. */
export async function replacePeers(db: Database, { peers }: PeersAnswer): Promise<void> {
  await db.write(['peers'], async (tx) => {
    const store = tx.objectStore('peers');
    const here = await store.getAll();
    await store.clear();
    const changes = new Map(here.filter(({ change }) => change).map((row) => [row.id, row]));
    for (const { person, ...flags } of peers) {
      const change = changes.get(person.id)?.change;
      changes.delete(person.id);
      const row: PeerRow = { id: person.id, nick: person.nick, ...flags, ...change };
      await store.put(change ? { ...row, change } : row);
    }
    for (const { id, nick, change } of changes.values()) {
      await store.put({ ...undecided(id, nick), ...change, ...(change ? { change } : {}) });
    }
  });
  announceChange('peers');
}

/** The server has heard of a change, or will never hear of it; what was decided since is still to be told. */
export async function noteTold(db: Database, id: string, told: Partial<PeerFlags>): Promise<void> {
  await db.write(['peers'], async (tx) => {
    const row = await tx.objectStore('peers').get(id);
    if (!row?.change) return;
    const { change, ...rest } = row;
    const left = untold(change, told);
    await tx.objectStore('peers').put(left ? { ...rest, change: left } : rest);
  });
}

/** What of a change differs from what was told; undefined if nothing does. */
export function untold<Flags extends object>(
  change: Partial<Flags>,
  told: Partial<Flags>,
): Partial<Flags> | undefined {
  const left = Object.entries(change).filter(([name, value]) => told[name as keyof Flags] !== value);
  return left.length > 0 ? (Object.fromEntries(left) as Partial<Flags>) : undefined;
}
