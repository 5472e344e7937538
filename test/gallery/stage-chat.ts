/**
 * The Chat that the components of the gallery are given: what they do to what waits is done by the app's own code, and
 * the network is whatever the state says it is. Nothing here ever asks for one.
 */
import { markRead } from '../../client/store/conversations.ts';
import type { LeftBehind } from '../../client/store/left-behind.ts';
import { enqueueMessage } from '../../client/store/outbox.ts';
import { decide } from '../../client/store/peers.ts';
import { changePrivacy } from '../../client/store/privacy.ts';
import { deleteQueued, editQueued, moveQueued, retryMessage } from '../../client/store/queue.ts';
import { noteChecked, readStretch } from '../../client/store/stretch.ts';
import { newUuid } from '../../client/store/uuid.ts';
import type { Chat, SendOutcome } from '../../client/sync/chat.ts';
import type { CheckOutcome } from '../../client/sync/check-conversation.ts';
import type { ConnectionName, ConnectionView } from '../../client/sync/connection-view.ts';
import type { ReportOutcome } from '../../client/sync/server-calls.ts';
import type { Device, Person } from '../../server/protocol/requests.ts';
import type { GalleryDatabase } from './gallery-database.ts';
import { me } from './people.ts';

export interface Circumstances {
  connection?: ConnectionName;
  typing?: readonly Person[];
  leftBehind?: LeftBehind[];
  /** What a comparison with the server finds; it goes on for ever where this is missing. */
  check?: CheckOutcome;
  /** What becomes of a report. */
  report?: ReportOutcome;
  /** What becomes of a message that is sent. */
  send?: SendOutcome;
  /** Where the person is signed in; not to be asked where this is missing. */
  devices?: Device[];
}

export interface StageChat extends Chat {
  /** The network changes. */
  become(connection: ConnectionName): void;
}

/** For as long as nobody can have missed it. */
const longSinceMs = 60_000;

export function stageChat(db: GalleryDatabase, circumstances: Circumstances = {}): StageChat {
  const {
    connection: first = 'live',
    typing = [],
    leftBehind = [],
    check,
    send,
    report = 'sent',
    devices,
  } = circumstances;
  const moments = new EventTarget();
  let connection: ConnectionView = viewOf(first);
  return {
    me,
    db,
    moments,
    get connection() {
      return connection;
    },
    typing: new Set(typing.map(({ id }) => id)),
    become(name) {
      connection = viewOf(name);
      moments.dispatchEvent(new Event('change'));
    },
    async send(peer, text) {
      if (send) return send;
      await enqueueMessage(db, { id: newUuid(), me, peer, text, composedAt: new Date().toISOString() });
      return { kind: 'queued' };
    },
    retry: (id) => retryMessage(db, id),
    edit: (id, text) => editQueued(db, id, text, { id: newUuid(), composedAt: new Date().toISOString() }),
    move: (id, direction) => moveQueued(db, id, direction),
    remove: (id) => deleteQueued(db, id),
    seen: (peerId, seq) => markRead(db, peerId, seq),
    tryNow() {},
    typed() {},
    loadOlder: () => Promise.resolve(false),
    async check(peer) {
      if (!check) return new Promise(() => {});
      const stretch = await readStretch(db, peer.id);
      if (check.kind === 'same') await noteChecked(db, peer.id, stretch, new Date().toISOString());
      return check;
    },
    loadAll: () => Promise.resolve(false),
    decide: (peer, change) => decide(db, peer, change),
    setPrivacy: (change) => changePrivacy(db, change),
    report: () => Promise.resolve(report),
    leftBehind: () => Promise.resolve(leftBehind),
    sendLeftBehind: () => Promise.resolve(),
    deleteLeftBehind: () => Promise.resolve(),
    signOut: () => Promise.resolve('no-network'),
    deleteEverything: () => Promise.resolve(),
    devices: () => Promise.resolve(devices),
    endDevice: () => Promise.resolve(false),
    endOtherDevices: () => Promise.resolve(false),
    deleteAccount: () => Promise.resolve('no-network'),
  };
}

function viewOf(name: ConnectionName): ConnectionView {
  return { name, since: Date.now() - longSinceMs };
}
