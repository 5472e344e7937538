/** What the list of people and conversations shows, read from the device: all of one moment. */
import type { Person } from '../../server/protocol/requests.ts';
import { listConversations, type ConversationEntry } from '../store/conversations.ts';
import type { Database, PeerRow } from '../store/database.ts';
import { isRequest, listPeers } from '../store/peers.ts';
import { listPeople } from '../store/people.ts';
import { readCursor } from '../store/timeline.ts';

export interface Lists {
  /** The latest first; the last message only of those that were shown. */
  talked: ConversationEntry[];
  /** Of strangers. */
  requests: ConversationEntry[];
  /** Who else there is, by nick. */
  others: Person[];
  online: ReadonlySet<string>;
  /** By id, what everybody is called now: another one may have the nick of a conversation. */
  nicks: ReadonlyMap<string, string>;
  /** What was decided about people, by their ids. */
  decided: ReadonlyMap<string, PeerRow>;
  isLoaded: boolean;
}

/** `atMost` of what `search` finds are shown. */
export async function readLists(db: Database, me: Person, search: string, atMost: number): Promise<Lists> {
  const [entries, people, peers, cursor] = await Promise.all([
    listConversations(db, { atMost, fits: fitting(search) }),
    listPeople(db),
    listPeers(db),
    readCursor(db),
  ]);
  const decided = new Map(peers.map((peer) => [peer.id, peer]));
  const requests = entries.filter(({ peerId }) => isRequest(decided.get(peerId)));
  // A stranger who was blocked is a person like others, without a conversation.
  const talked = entries.filter(({ peerId }) => decided.get(peerId)?.accepted ?? true);
  const talkedTo = new Set([...talked, ...requests].map(({ peerId }) => peerId));
  return {
    talked,
    requests,
    others: people.filter(({ id }) => !talkedTo.has(id)),
    online: new Set(people.filter((person) => person.online).map(({ id }) => id)),
    nicks: new Map([me, ...people].map(({ id, nick }) => [id, nick])),
    decided,
    isLoaded: cursor !== undefined,
  };
}

/** Those whose nick has what is searched for. */
export function found({ talked, requests, others, ...rest }: Lists, search: string): Lists {
  const fits = fitting(search);
  const those = <T extends { nick: string }>(all: T[]) => all.filter(({ nick }) => fits(nick));
  return { ...rest, talked: those(talked), requests: those(requests), others: those(others) };
}

function fitting(search: string): (nick: string) => boolean {
  const wanted = search.normalize('NFKC').toLowerCase();
  return (nick) => nick.toLowerCase().includes(wanted);
}
