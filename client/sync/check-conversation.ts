/**
 * Compares what the device has of a conversation with what the server has, by digest, and puts right what differs by
 * reading it anew. It says what it found; it never deletes.
 */
import type { Message, Stretch } from '../../server/protocol/requests.ts';
import type { Database } from '../store/database.ts';
import type { Peer } from '../store/outbox.ts';
import { noteChecked, readStretch, type StretchHere } from '../store/stretch.ts';
import { addHistory } from '../store/thread.ts';

export type CheckOutcome =
  /** What is here is what the server has, `isMended` if it was not at first. It may be a part: `first` is the first seq that the server keeps. */
  | { kind: 'same'; isMended: boolean; first: number }
  /** The server has something else, also when asked again: the device has to begin anew. */
  | { kind: 'differs' }
  | { kind: 'unreachable' };

export interface CheckTools {
  /** Both undefined when the server cannot be asked now. */
  fetchStretch: (peer: Peer, from: number, upTo: number) => Promise<Stretch | undefined>;
  fetchHistory: (peer: Peer, before: number) => Promise<Message[] | undefined>;
  now: () => Date;
}

export async function checkConversation(db: Database, peer: Peer, tools: CheckTools): Promise<CheckOutcome> {
  const here = await readStretch(db, peer.id);
  let answer = await compare(db, peer, here, tools);
  if (answer.kind === 'differs') {
    if (!(await readAnew(db, peer, here, tools))) return { kind: 'unreachable' };
    answer = await compare(db, peer, await readStretch(db, peer.id, { upTo: here.upTo }), tools);
    if (answer.kind === 'same') answer.isMended = true;
  }
  return answer;
}

async function compare(
  db: Database,
  peer: Peer,
  here: StretchHere,
  { fetchStretch, now }: CheckTools,
): Promise<CheckOutcome> {
  const there = await fetchStretch(peer, here.from, here.upTo);
  if (!there) return { kind: 'unreachable' };
  const { first } = there;
  // It may have let go of old messages that are still here.
  const { upTo } = here;
  const from = Math.max(here.from, first);
  const compared = from === here.from ? here : await readStretch(db, peer.id, { upTo, notBefore: from });
  if (there.upTo !== upTo || there.digest !== compared.digest) return { kind: 'differs' };
  await noteChecked(db, peer.id, compared, now().toISOString());
  return { kind: 'same', isMended: false, first };
}

/** False if the server could not be asked to the end. */
async function readAnew(
  db: Database,
  peer: Peer,
  { from, upTo }: StretchHere,
  { fetchHistory }: CheckTools,
): Promise<boolean> {
  for (let before = upTo + 1; before > from;) {
    const page = await fetchHistory(peer, before);
    if (!page) return false;
    await addHistory(db, page);
    const oldest = page[0]?.seq;
    if (oldest === undefined || oldest >= before) break;
    before = oldest;
  }
  return true;
}
