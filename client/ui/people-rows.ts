/** The rows of the list, each of them a link: a person, or a conversation. They only draw. */
import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { ConversationEntry } from '../store/conversations.ts';
import type { Peer } from '../store/outbox.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, pluralParts, words } from '../words/words.ts';
import './avatar.ts';
import { beginning } from './beginning.ts';
import { countText } from './count-text.ts';
import { shortDayOrTime } from './day-and-time.ts';
import { icon, stateIcon } from './icons.ts';
import type { Lists } from './people-lists.ts';

/** More of a text than fits in a line is not worth laying out. */
const previewChars = 120;

export interface RowsOf {
  chat: Chat;
  lists: Lists;
  /** Nick of the open conversation. */
  selected: string;
}

export function personRow(rows: RowsOf, person: Peer, online: boolean) {
  return row(rows, person, online, html`<span class="nick"><bdi>${person.nick}</bdi></span>`, nothing);
}

/** Of hundreds of rows one or none is another than before. */
export function conversationRow(rows: RowsOf, entry: ConversationEntry, online: boolean) {
  const { nick, peerId } = entry;
  const shown = [
    JSON.stringify(entry),
    online,
    nick === rows.selected,
    rows.chat.typing.has(peerId),
    rows.lists.nicks.get(peerId),
    JSON.stringify(rows.lists.decided.get(peerId)),
    new Date().toDateString(),
  ];
  return guard(shown, () => conversation(rows, entry, online));
}

function conversation(rows: RowsOf, entry: ConversationEntry, online: boolean) {
  const { nick, peerId, last, unread, lastAt } = entry;
  const { muted = false, blocked = false } = rows.lists.decided.get(peerId) ?? {};
  const isUnread = unread > 0 && !muted && !blocked;
  const name = html`<bdi>${nick}</bdi>`;
  const isNotes = peerId === rows.chat.me.id;
  const middle = html`<span class="nick"
      >${isNotes ? fillParts(words.people.notes, { nick: name }) : name}</span
    >
    <span class="preview">${preview(rows.chat, entry)}</span>`;
  const end = html`<span class="end">
      ${last ? timeOf(lastAt) : nothing}
      ${
        muted
          ? html`<span class="muted"
              >${icon('muted')}<span class="visually-hidden">${words.peace.isMuted}</span></span
            >`
          : nothing
      }
      ${isUnread ? html`<span class="badge">${unreadParts(unread)}</span>` : nothing}
    </span>
    ${online ? html`<span class="visually-hidden">${words.conversation.online}</span>` : nothing}`;
  return row(rows, { id: peerId, nick }, online, middle, end, isUnread);
}

function row(
  { lists, selected }: RowsOf,
  { id, nick }: Peer,
  online: boolean,
  middle: unknown,
  end: unknown,
  isUnread = false,
) {
  return html`<li>
    <a
      .peer=${lists.nicks.get(id) === nick ? { id, nick } : undefined}
      href=${`/c/${encodeURIComponent(nick)}`}
      data-nick=${nick}
      class=${isUnread ? 'unread' : ''}
      aria-current=${nick === selected ? 'page' : nothing}
    >
      <ot-avatar nick=${nick} ?online=${online}></ot-avatar>
      <span class="middle">${middle}</span>
      ${end}
    </a>
  </li>`;
}

function timeOf(at: string) {
  return html`<time datetime=${at}>${shortDayOrTime(at)}</time>`;
}

function preview(chat: Chat, { peerId, draft, last, lastState }: ConversationEntry) {
  if (chat.typing.has(peerId)) return html`<span class="accent">${words.conversation.typing}</span>`;
  if (draft !== '')
    return html`<span class="accent">${words.people.draft}</span>
      <bdi>${beginning(draft, previewChars)}</bdi>`;
  if (!last) return nothing;
  if (last.erased !== undefined) return words.message.erased;
  const text = html`<bdi>${beginning(last.text, previewChars)}</bdi>`;
  return lastState ? html`${stateIcon(lastState)} ${fillParts(words.people.you, { text })}` : text;
}

/** The number is seen; what it counts is only said. */
function unreadParts(unread: number) {
  const n = html`<span>${countText(unread)}</span>`;
  return pluralParts(words.people.unread, unread, { n }).map((part) =>
    part === n ? n : html`<span class="visually-hidden">${part}</span>`,
  );
}
