/**
 * A device after years of use: the rows that its database then holds, the same ones each time. A few long conversations
 * and many short ones, in six languages; of every tenth the beginning is only on the server.
 */
import type { ConversationRow, MessageRow } from '../../client/store/database.ts';
import type { Person } from '../../server/protocol/requests.ts';
import { seededRandom, type Random } from '../lab/reply.ts';
import { arabic } from '../lab/voices/arabic.ts';
import { english } from '../lab/voices/english.ts';
import { german } from '../lab/voices/german.ts';
import { hindi } from '../lab/voices/hindi.ts';
import { japanese } from '../lab/voices/japanese.ts';
import { spanish } from '../lab/voices/spanish.ts';

export interface FullDevice {
  people: Person[];
  conversations: ConversationRow[];
  /** Conversation by conversation, oldest first. */
  messages: MessageRow[];
}

/** Stands in one message of all, the very first of the longest conversation. */
export const rareText = 'Die Leuchtturmwärterin grüßt aus Südstrand.';
/** So many messages are missing where a beginning is only on the server. */
const missing = 3;
const hourMs = 3_600_000;

const lines = [english, german, arabic, japanese, spanish, hindi].map(({ answers, musings, back }) => [
  ...Object.values(answers).flat(),
  ...musings,
  ...back,
]);

/** `ended` is when the latest conversation ended, in ms. */
export function fullDevice(
  me: { id: string; nick: string },
  counts: { conversations: number; messages: number },
  ended: number,
): FullDevice {
  const random = seededRandom(2016);
  const device: FullDevice = { people: [], conversations: [], messages: [] };
  for (const [index, count] of lengths(counts.conversations, counts.messages).entries()) {
    const peer = { id: uuid(random), nick: `person${index + 1}` };
    const lastAt = ended - index * hourMs;
    const firstSeq = index % 10 === 9 ? 1 + missing : 1;
    const lastSeq = firstSeq + count - 1;
    for (let seq = firstSeq; seq <= lastSeq; seq += 1) {
      const [from, to] = random() < 0.5 ? [me, peer] : [peer, me];
      const at = new Date(lastAt - (lastSeq - seq) * hourMs).toISOString();
      const isFirst = device.messages.length === 0;
      device.messages.push({
        fromId: from.id,
        id: uuid(random),
        peerId: peer.id,
        from: from.nick,
        to: to.nick,
        toId: to.id,
        text: isFirst ? rareText : said(lines[index % lines.length]!, random),
        composedAt: at,
        acceptedAt: at,
        place: seq,
        seq,
      });
    }
    const all = { delivered: lastSeq, read: lastSeq };
    device.conversations.push({
      peerId: peer.id,
      nick: peer.nick,
      lastSeq,
      lastAt: new Date(lastAt).toISOString(),
      mine: all,
      theirs: all,
      readHere: lastSeq,
      unread: 0,
    });
    device.people.push({ ...peer, online: false, lastSeen: new Date(lastAt).toISOString() });
  }
  return device;
}

/** The longest is twice as long as the next, three times as long as the third, and so on. */
function lengths(conversations: number, messages: number): number[] {
  const parts = Array.from({ length: conversations }, (_, index) => 1 / (index + 1));
  const sum = parts.reduce((a, b) => a + b);
  const counts = parts.map((part) => Math.max(1, Math.floor((part / sum) * messages)));
  counts[0]! += messages - counts.reduce((a, b) => a + b);
  return counts;
}

function said(from: readonly string[], random: Random): string {
  const one = () => from[Math.floor(random() * from.length)]!;
  return random() < 0.5 ? one() : `${one()} ${one()}`;
}

function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
