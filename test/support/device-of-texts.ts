/** A device that is full of given texts: they are what people are called, wrote, drafted, and have waiting. */
import type { DraftRow, OutboxRow } from '../../client/store/schema.ts';
import type { FullDevice } from './full-device.ts';

export interface DeviceOfTexts extends FullDevice {
  drafts: DraftRow[];
  outbox: OutboxRow[];
}

/** So many people, each of whom wrote an equal part of the texts; every other one is being written to. */
export function deviceOfTexts(
  me: { id: string; nick: string },
  texts: readonly string[],
  people: number,
): DeviceOfTexts {
  const each = Math.floor(texts.length / people);
  const device: DeviceOfTexts = { people: [], conversations: [], messages: [], drafts: [], outbox: [] };
  for (let index = 0; index < people; index += 1) {
    const peer = { id: uuid(index), nick: texts[index]! };
    const at = new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString();
    const theirs = texts.slice(index * each, (index + 1) * each);
    device.messages.push(
      ...theirs.map((text, number) => ({
        ...{ fromId: peer.id, from: peer.nick, peerId: peer.id, to: me.nick, toId: me.id },
        ...{ id: uuid(1_000_000 + index * each + number), text, composedAt: at, acceptedAt: at },
        ...{ place: number + 1, seq: number + 1 },
      })),
    );
    const all = { delivered: each, read: each };
    device.conversations.push({
      ...{ peerId: peer.id, nick: peer.nick, lastSeq: each, lastAt: at, unread: 0 },
      ...{ mine: all, theirs: all, readHere: each },
    });
    device.people.push({ ...peer, online: false, lastSeen: at });
    if (index % 2 === 0) device.drafts.push({ peerId: peer.id, text: theirs[0]! });
    const refusal = { code: 'bad_json', detail: theirs[0]! } as const;
    device.outbox.push({
      ...{ ordinal: index + 1, id: uuid(2_000_000 + index), to: peer.nick, toId: peer.id },
      ...{ text: theirs[0]!, composedAt: at, attempts: index % 2 },
      ...(index % 2 === 0 ? { status: 'queued' } : { status: 'failed', refusal }),
    });
  }
  return device;
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
