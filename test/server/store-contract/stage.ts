/** What every part of the store contract plays on: one store for all, and persons whose nicks are for one test only. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Receipt } from '../../../server/protocol/events.ts';
import type { Draft, Message } from '../../../server/protocol/requests.ts';
import type { AddedDevice } from '../../support/add-device.ts';
import type { EventStore, InboxPage, StoredPerson } from '../../../server/store/event-store.ts';

export class Stage {
  /** Set before the first test runs. */
  store!: EventStore;
  /** Gives a person one more device, and answers its id. */
  addDevice!: (personId: string, device: AddedDevice) => Promise<string>;
  #nicks = 0;

  readonly newNick = (word: string): string => `${word}.${(this.#nicks += 1)}`;
  readonly joinAs = (word: string): Promise<StoredPerson> => join(this.store, this.newNick(word));

  /** The texts of the messages after a cursor. */
  readonly texts = async (personId: string, cursor: string): Promise<string[]> =>
    (await eventsAfter(this.store, personId, cursor)).events.map(({ data }) => data.text);
}

export const at = '2026-05-01T12:00:00.000Z';
export const minutesLater = (minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

export function draftTo(to: string, text: string, changes: Partial<Draft> = {}): Draft {
  return { id: randomUUID(), to, text, composedAt: '2026-05-01T11:59:00.000Z', ...changes };
}

export async function join(store: EventStore, nick: string, tokenHash = `token of ${nick}`) {
  const outcome = await store.signIn({ nick, tokenHash, at });
  assert.equal(outcome.kind, 'signed-in', `${nick} can sign in`);
  return (outcome as { me: StoredPerson }).me;
}

/** The events after a cursor, all pages of them. */
export async function eventsAfter(store: EventStore, personId: string, cursor: string, limit = 200) {
  const events: { id: string; kind: string; data: Message & Receipt }[] = [];
  let position = cursor;
  for (;;) {
    const page = notReset(await store.readInbox(personId, position, limit));
    events.push(...page.events.map(({ id, kind, json }) => ({ id, kind, data: JSON.parse(json) })));
    position = page.cursor;
    if (!page.more) return { events, cursor: position };
  }
}

export function notReset(page: InboxPage): Extract<InboxPage, { kind: 'events' }> {
  assert.equal(page.kind, 'events');
  return page;
}
