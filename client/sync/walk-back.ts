/**
 * Walking back through each conversation until device and server tell the same story, after the server's data went back
 * in time. It only reads: what follows from it is stored together with the snapshot, so a walk that is interrupted
 * has changed nothing and is simply done again.
 */
import type { Conversation, Message, Snapshot } from '../../server/protocol/requests.ts';
import { lastAgreement } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import type { Peer } from '../store/outbox.ts';
import { peerOfConversation, type Agreement, type Agreements } from '../store/snapshot.ts';
import { highestSeqBelow, readPlaced } from '../store/thread.ts';

export interface WalkTools {
  /** What comes before a seq, oldest first; undefined when it cannot be had now. */
  fetchHistory: (peer: Peer, before: number) => Promise<Message[] | undefined>;
  pause: (ms: number) => Promise<void>;
}

/** Who has many conversations may be asked to go slower. */
const pausesMs = [1_000, 5_000];

/** Undefined when the network ended the walk. */
export async function walkBack(
  db: Database,
  snapshot: Snapshot,
  tools: WalkTools,
): Promise<Agreements | undefined> {
  const agreements = new Map<string, Agreement>();
  for (const conversation of snapshot.conversations) {
    const peer = peerOfConversation(db.personId, conversation);
    if (!peer) continue;
    const agreement = await walkConversation(db, peer, conversation, tools);
    if (!agreement) return undefined;
    agreements.set(peer.id, agreement);
  }
  return agreements;
}

async function walkConversation(
  db: Database,
  peer: Peer,
  { messages: newest, lastSeq }: Conversation,
  tools: WalkTools,
): Promise<Agreement | undefined> {
  let page: Message[] | undefined = newest;
  let messages = newest;
  for (;;) {
    const [oldest] = page;
    // Older ones are not kept there; what was lost of them would not be kept either.
    if (!oldest) return { agreed: (messages[0]?.seq ?? lastSeq + 1) - 1, messages };
    const here = await readPlaced(db, peer.id, oldest.seq, page.at(-1)!.seq);
    const agreed = lastAgreement(here, page);
    if (agreed !== undefined) return { agreed, messages };
    const below = await highestSeqBelow(db, peer.id, oldest.seq);
    // Nothing is here that could agree further back.
    if (below === undefined) return { agreed: oldest.seq - 1, messages };
    page = await fetchPatiently(tools, peer, below + 1);
    // Another person's history, if somebody else was signed in meanwhile, says nothing of ours.
    if (!page?.every(({ fromId, toId }) => fromId === db.personId || toId === db.personId)) return undefined;
    messages = [...page, ...messages];
  }
}

async function fetchPatiently(
  { fetchHistory, pause }: WalkTools,
  peer: Peer,
  before: number,
): Promise<Message[] | undefined> {
  for (const pauseMs of pausesMs) {
    const page = await fetchHistory(peer, before);
    if (page) return page;
    await pause(pauseMs);
  }
  return fetchHistory(peer, before);
}
