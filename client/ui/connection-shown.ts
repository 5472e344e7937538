/**
 * What a person is told of the connection, and when: a pure function of what was told before, the connection, what
 * waits, and the time. Short gaps are nobody's business; who was told "offline" is told when it is over.
 */
import type { ConnectionView } from '../sync/connection-view.ts';

export interface ConnectionShown {
  what:
    | 'nothing'
    | 'connecting'
    | 'offline'
    /** Back, and what waited goes out. */
    | 'sending'
    | 'all-sent'
    | 'back'
    | 'updating'
    /** The session is lost; the messages are not. */
    | 'signed-out';
  /** Since when `what` is shown, in ms. */
  at: number;
  /** Since when there is no connection, in ms; undefined while there is one. */
  downSince?: number;
  /** Nothing may happen, and yet something else is to be shown after this. */
  lookAgainMs?: number;
}

const connectingAfterMs = 1_000;
const offlineAfterMs = 2_500;
const updatingAfterMs = 500;
const goodNewsMs = 2_000;

export const nothingShown: ConnectionShown = { what: 'nothing', at: 0 };

export function nextShown(
  before: ConnectionShown,
  view: ConnectionView,
  waiting: number,
  now: number,
): ConnectionShown {
  const show = (what: ConnectionShown['what'], more?: Partial<ConnectionShown>): ConnectionShown => ({
    what,
    at: what === before.what ? before.at : now,
    ...more,
  });
  switch (view.name) {
    case 'signed-out':
    case 'other-person':
      return show('signed-out');
    case 'connecting':
    case 'offline': {
      const downSince = before.downSince ?? view.since;
      const downMs = now - downSince;
      if (before.what === 'offline' || (view.name === 'offline' && downMs >= offlineAfterMs))
        return show('offline', { downSince });
      if (downMs < connectingAfterMs)
        return show('nothing', { downSince, lookAgainMs: connectingAfterMs - downMs });
      // Still on its way for the first time is not yet offline, however long it takes.
      if (view.name === 'connecting') return show('connecting', { downSince });
      return show('connecting', { downSince, lookAgainMs: offlineAfterMs - downMs });
    }
    case 'catching-up':
    case 'live':
      break;
  }
  switch (before.what) {
    case 'offline':
      return waiting > 0 ? show('sending') : show('back', { lookAgainMs: goodNewsMs });
    case 'sending':
      return waiting > 0 ? show('sending') : show('all-sent', { lookAgainMs: goodNewsMs });
    case 'all-sent':
    case 'back': {
      const leftMs = before.at + goodNewsMs - now;
      if (leftMs > 0) return show(before.what, { lookAgainMs: leftMs });
      break;
    }
    default:
  }
  if (view.name === 'live') return show('nothing');
  const quietMs = view.since + updatingAfterMs - now;
  return quietMs > 0 ? show('nothing', { lookAgainMs: quietMs }) : show('updating');
}
