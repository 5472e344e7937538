/**
 * All that there is about a person, as one JSON document that is made while it is read: a page of messages in memory at a
 * time, and no more is read than the receiver takes.
 */
import type { EventStore } from '../store/event-store.ts';
import type { Session } from './sessions.ts';

const messagesPerPage = 500;

export async function* exportOf(
  store: EventStore,
  { person, tokenHash }: Session,
  at: string,
  hasEnded: () => boolean,
): AsyncGenerator<string> {
  const whole = { ...person, ...(await store.person(person.id)) };
  const devices = (await store.devices(person.id, tokenHash)).map(({ id, name, since, lastUsed }) => ({
    id,
    name,
    since,
    lastUsed,
  }));
  yield `{"exportedAt":${JSON.stringify(at)},\n"person":${JSON.stringify(whole)},\n`;
  const { peers, settings } = await store.peers(person.id);
  const decided = peers.map(({ person: { id: peer, nick }, ...flags }) => ({ id: peer, nick, ...flags }));
  yield `"devices":${JSON.stringify(devices)},\n"settings":${JSON.stringify(settings)},\n`;
  yield `"peers":${JSON.stringify(decided)},\n"conversations":[`;
  let isFirst = true;
  for (const conversation of await store.conversations(person.id)) {
    const { mine, theirs, ...who } = conversation;
    const head = JSON.stringify({ ...who, receipts: { mine, theirs } });
    yield `${isFirst ? '' : ','}\n${head.slice(0, -1)},"messages":[`;
    isFirst = false;
    yield* messagesOf(conversation.withId);
    yield ']}';
  }
  yield ']}\n';

  async function* messagesOf(withId: string): AsyncGenerator<string> {
    for (let after = 0; ;) {
      // An end of the session ends everything that it opened.
      if (hasEnded()) throw new Error('The session has ended.');
      const page = await store.messagesAfter(person.id, withId, after, messagesPerPage);
      if (page.length === 0) return;
      const separator = after === 0 ? '\n' : ',\n';
      yield separator + page.map((message) => JSON.stringify(message)).join(',\n');
      after = page.at(-1)!.seq;
    }
  }
}
