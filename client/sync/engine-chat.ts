/**
 * The Chat that components are given, on top of the sync engine: every call writes to the database and then asks for
 * what follows from it.
 */
import type { Message, Person } from '../../server/protocol/requests.ts';
import { markRead } from '../store/conversations.ts';
import { deleteDatabase } from '../store/delete-database.ts';
import { forgetIdentity, readFormer } from '../store/device.ts';
import { usualMs } from '../store/hedge.ts';
import { deleteLeftBehind, listLeftBehind, sendLeftBehind } from '../store/left-behind.ts';
import { enqueueMessage, hasNothingQueued, type Peer } from '../store/outbox.ts';
import { decide } from '../store/peers.ts';
import { changePrivacy } from '../store/privacy.ts';
import { deleteQueued, editQueued, moveQueued, retryMessage } from '../store/queue.ts';
import { readStretch } from '../store/stretch.ts';
import { addHistory, noteKeptFrom } from '../store/thread.ts';
import { endTrouble } from '../store/trouble.ts';
import { newUuid } from '../store/uuid.ts';
import { endSession, leaveSession, readSession } from '../session.ts';
import { deleteAccount, endDevice, endOtherDevices, fetchDevices } from './account-calls.ts';
import { checkConversation } from './check-conversation.ts';
import type { Chat, SendOutcome } from './chat.ts';
import { fetchHistory, fetchStretch, postReport, postTyping } from './server-calls.ts';
import { askToKeepStorage } from './storage-care.ts';
import type { SyncEngine } from './sync-engine.ts';

/** Typing is said again after this while it lasts. */
const typingEveryMs = 3_000;
/** On such a line it would arrive when it is over. */
const tooSlowForTypingMs = 1_000;

export function createChat(me: Person, engine: SyncEngine): Chat {
  const { db, moments } = engine;
  let typedAt = 0;

  /** What came before, now on the device, too; undefined if it could not be had. */
  async function fetchOlder(peer: Peer, beforeSeq: number): Promise<Message[] | undefined> {
    const messages = await fetchHistory(peer, beforeSeq);
    if (messages?.length === 0) await noteKeptFrom(db, peer.id, beforeSeq);
    else if (messages) await addHistory(db, messages);
    return messages;
  }

  /** What waits goes first. */
  async function tellTyping({ nick }: Peer): Promise<void> {
    if (usualMs() < tooSlowForTypingMs && (await hasNothingQueued(db))) await postTyping(nick, me.id);
  }

  async function forgetHere(): Promise<void> {
    const isInMemory = await db.isInMemory();
    await forgetIdentity(me.id).catch((error: unknown) => {
      // Where nothing can be kept, nothing has to be forgotten.
      if (!isInMemory) throw error;
    });
  }

  return {
    me,
    db,
    moments,
    get connection() {
      return moments.connection;
    },
    get typing() {
      return moments.typing;
    },
    async send(peer: Peer, text: string): Promise<SendOutcome> {
      const message = { id: newUuid(), me, peer, text, composedAt: new Date().toISOString() };
      try {
        await enqueueMessage(db, message);
      } catch (error) {
        console.error(error);
        const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
        return { kind: 'not-stored', why: isFull ? 'full' : 'broken' };
      }
      endTrouble('full');
      engine.retryStoring();
      engine.flush();
      askToKeepStorage().catch((error: unknown) => console.info('not asked to keep', error));
      return { kind: 'queued' };
    },
    async retry(id) {
      await retryMessage(db, id);
      engine.flush();
    },
    async edit(id, text) {
      const fresh = { id: newUuid(), composedAt: new Date().toISOString() };
      const outcome = await editQueued(db, id, text, fresh);
      engine.flush();
      return outcome;
    },
    move: (id, direction) => moveQueued(db, id, direction),
    remove: (id) => deleteQueued(db, id),
    tryNow: () => engine.wake(),
    seen: (peerId, seq) => markRead(db, peerId, seq),
    typed(peer) {
      if (Date.now() - typedAt < typingEveryMs || moments.connection.name !== 'live') return;
      typedAt = Date.now();
      tellTyping(peer).catch((error: unknown) => console.error(error));
    },
    async loadOlder(peer, beforeSeq) {
      return (await fetchOlder(peer, beforeSeq)) !== undefined;
    },
    async check(peer) {
      const outcome = await checkConversation(db, peer, {
        fetchStretch,
        fetchHistory,
        now: () => new Date(),
      });
      if (outcome.kind === 'differs') await engine.beginAnew();
      return outcome;
    },
    async loadAll(peer) {
      let { from } = await readStretch(db, peer.id);
      while (from > 1) {
        const page = await fetchOlder(peer, from);
        if (!page) return false;
        // It keeps nothing that is older.
        if (page.length === 0) break;
        from = page[0]!.seq;
      }
      return true;
    },
    async decide(peer, change) {
      await decide(db, peer, change);
      engine.tellPeers();
    },
    async setPrivacy(change) {
      await changePrivacy(db, change);
      engine.tellPeers();
    },
    report: (peer, misdeed) => postReport({ as: me.id, with: peer.nick, withId: peer.id, ...misdeed }),
    leftBehind: () => listLeftBehind(),
    async sendLeftBehind(formerId) {
      await sendLeftBehind(db, me, formerId);
      engine.flush();
    },
    deleteLeftBehind: (formerId) => deleteLeftBehind(formerId),
    async signOut(alsoHere) {
      const session = await readSession();
      if (session.kind === 'unreachable') return 'no-network';
      // Who signed in here since is not signed out by a page of whoever was here before.
      const isMine = session.kind === 'signed-in' && session.me.id === me.id;
      if (isMine && !(await endSession())) return 'no-network';
      engine.stop();
      await forgetHere();
      if (alsoHere) await deleteDatabase(db);
      return 'signed-out';
    },
    async deleteEverything() {
      engine.stop();
      sessionStorage.clear();
      localStorage.clear();
      // Before the rest, so that it holds also if the page is closed in between.
      leaveSession();
      await forgetHere();
      for (const { id } of await readFormer()) await deleteLeftBehind(id);
      await deleteDatabase(db);
    },
    devices: () => fetchDevices(),
    endDevice: (id) => endDevice(id),
    endOtherDevices: () => endOtherDevices(),
    async deleteAccount() {
      const outcome = await deleteAccount(me);
      if (outcome !== 'deleted') return outcome;
      engine.stop();
      await forgetHere();
      await deleteDatabase(db);
      return outcome;
    },
  };
}
