/** What the list of people and conversations shows, read from the device: all of one moment. */
import type { Person } from '../../server/protocol/requests.ts';
import { listConversations, type ConversationEntry } from '../store/conversations.ts';
import type { Database, PeerRow } from '../store/database.ts';
import { isRequest, listPeers } from '../store/peers.ts';
import { listPeople } from '../store/people.ts';
import { readCursor } from '../store/timeline.ts';

interface Lists {
  /** What it was searched for. */
  search: string;
  /** So many rows are shown. */
  atMost: number;
  talked: ConversationEntry[];
  /** Of strangers. */
  requests: ConversationEntry[];
  others: Person[];
  online: ReadonlySet<string>;
  /** What was decided about people, by their ids. */
  decided: ReadonlyMap<string, PeerRow>;
  isLoaded: boolean;
}

export async function readLists(db: Database, search: string, atMost: number): Promise<Lists> {
  const wanted = search.normalize('NFKC').toLowerCase();
  const fits = (nick: string) => nick.toLowerCase().includes(wanted);
  const [entries, people, peers, cursor] = await Promise.all([
    listConversations(db, { atMost, fits }),
    listPeople(db),
    listPeers(db),
    readCursor(db),
  ]);
  const decided = new Map(peers.map((peer) => [peer.id, peer]));
  const requests = entries.filter(({ peerId }) => isRequest(decided.get(peerId)));
  // A stranger who was blocked is a person like others, without a conversation.
  const talked = entries.filter(({ peerId }) => decided.get(peerId)?.accepted ?? true);
  const talkedTo = new Set([...talked, ...requests].map(({ peerId }) => peerId));
  const others = people.filter(({ id, nick }) => fits(nick) && !talkedTo.has(id));
  const online = new Set(people.filter((person) => person.online).map(({ id }) => id));
  return { search, atMost, talked, requests, others, online, decided, isLoaded: cursor !== undefined };
}
