/**
 * What becomes of one own message on its device, whatever happens to it: every pair of state and event is decided here,
 * and tried on the real code. `sending` is no state: what was claimed is tried, so that after any crash all is simply queued.
 */
export type State =
  | 'none'
  | 'drafted'
  /** Waits, and was never tried. */
  | 'queued'
  /** Waits, and the server may have it. */
  | 'tried'
  /** Refused: it waits for its person. */
  | 'failed'
  /** Waits once more, because the server does not have it any more. */
  | 'reoffered'
  /** Answered for, and not yet seen in the inbox. */
  | 'unconfirmed'
  | 'sent'
  | 'delivered'
  | 'read';

export type Event =
  | 'typed'
  | 'composed'
  | 'claimed'
  /** Answers for it, also late ones, when something else was quicker. */
  | 'accepted'
  | 'duplicate'
  | 'rejected'
  /** The request with it alone was refused. */
  | 'refused'
  /** No network, a timeout, a portal's page, an answer that does not name it. */
  | 'noAnswer'
  | 'echo'
  | 'deliveredReceipt'
  | 'readReceipt'
  | 'edited'
  | 'moved'
  | 'retried'
  | 'deleted'
  /** Everything that was missed has been applied, and it was not among that. */
  | 'caughtUpWithout'
  /** The data of the server went back, and does not have it. */
  | 'wentBackWithout'
  | 'snapshotWith'
  /** The page died and was opened again. */
  | 'reopened';

export const table: Record<State, Record<Event, State>> = {
  none: {
    typed: 'drafted',
    composed: 'queued',
    claimed: 'none',
    accepted: 'none',
    duplicate: 'none',
    rejected: 'none',
    refused: 'none',
    noAnswer: 'none',
    echo: 'sent',
    deliveredReceipt: 'none',
    readReceipt: 'none',
    edited: 'none',
    moved: 'none',
    retried: 'none',
    deleted: 'none',
    caughtUpWithout: 'none',
    wentBackWithout: 'none',
    snapshotWith: 'sent',
    reopened: 'none',
  },
  drafted: {
    typed: 'drafted',
    composed: 'queued',
    claimed: 'drafted',
    accepted: 'drafted',
    duplicate: 'drafted',
    rejected: 'drafted',
    refused: 'drafted',
    noAnswer: 'drafted',
    echo: 'sent',
    deliveredReceipt: 'drafted',
    readReceipt: 'drafted',
    edited: 'drafted',
    moved: 'drafted',
    retried: 'drafted',
    deleted: 'drafted',
    caughtUpWithout: 'drafted',
    wentBackWithout: 'drafted',
    snapshotWith: 'sent',
    reopened: 'drafted',
  },
  queued: {
    typed: 'queued',
    composed: 'queued',
    claimed: 'tried',
    accepted: 'unconfirmed',
    duplicate: 'unconfirmed',
    rejected: 'failed',
    refused: 'failed',
    noAnswer: 'tried',
    echo: 'sent',
    deliveredReceipt: 'queued',
    readReceipt: 'queued',
    edited: 'queued',
    moved: 'queued',
    retried: 'queued',
    deleted: 'none',
    caughtUpWithout: 'queued',
    wentBackWithout: 'queued',
    snapshotWith: 'sent',
    reopened: 'queued',
  },
  tried: {
    typed: 'tried',
    composed: 'tried',
    claimed: 'tried',
    accepted: 'unconfirmed',
    duplicate: 'unconfirmed',
    rejected: 'failed',
    refused: 'failed',
    noAnswer: 'tried',
    echo: 'sent',
    deliveredReceipt: 'tried',
    readReceipt: 'tried',
    edited: 'tried',
    moved: 'tried',
    retried: 'tried',
    deleted: 'none',
    caughtUpWithout: 'tried',
    wentBackWithout: 'tried',
    snapshotWith: 'sent',
    reopened: 'tried',
  },
  failed: {
    typed: 'failed',
    composed: 'failed',
    claimed: 'failed',
    accepted: 'unconfirmed',
    duplicate: 'unconfirmed',
    rejected: 'failed',
    refused: 'failed',
    noAnswer: 'failed',
    echo: 'sent',
    deliveredReceipt: 'failed',
    readReceipt: 'failed',
    edited: 'queued',
    moved: 'failed',
    retried: 'tried',
    deleted: 'none',
    caughtUpWithout: 'failed',
    wentBackWithout: 'failed',
    snapshotWith: 'sent',
    reopened: 'failed',
  },
  reoffered: {
    typed: 'reoffered',
    composed: 'reoffered',
    claimed: 'reoffered',
    accepted: 'unconfirmed',
    duplicate: 'unconfirmed',
    rejected: 'failed',
    refused: 'failed',
    noAnswer: 'reoffered',
    echo: 'sent',
    deliveredReceipt: 'reoffered',
    readReceipt: 'reoffered',
    edited: 'reoffered',
    moved: 'reoffered',
    retried: 'reoffered',
    deleted: 'none',
    caughtUpWithout: 'reoffered',
    wentBackWithout: 'reoffered',
    snapshotWith: 'sent',
    reopened: 'reoffered',
  },
  unconfirmed: {
    typed: 'unconfirmed',
    composed: 'unconfirmed',
    claimed: 'unconfirmed',
    accepted: 'unconfirmed',
    duplicate: 'unconfirmed',
    rejected: 'unconfirmed',
    refused: 'unconfirmed',
    noAnswer: 'unconfirmed',
    echo: 'sent',
    deliveredReceipt: 'unconfirmed',
    readReceipt: 'unconfirmed',
    edited: 'unconfirmed',
    moved: 'unconfirmed',
    retried: 'unconfirmed',
    deleted: 'unconfirmed',
    caughtUpWithout: 'reoffered',
    wentBackWithout: 'reoffered',
    snapshotWith: 'sent',
    reopened: 'unconfirmed',
  },
  sent: {
    typed: 'sent',
    composed: 'sent',
    claimed: 'sent',
    accepted: 'sent',
    duplicate: 'sent',
    rejected: 'sent',
    refused: 'sent',
    noAnswer: 'sent',
    echo: 'sent',
    deliveredReceipt: 'delivered',
    readReceipt: 'read',
    edited: 'sent',
    moved: 'sent',
    retried: 'sent',
    deleted: 'sent',
    caughtUpWithout: 'sent',
    wentBackWithout: 'reoffered',
    snapshotWith: 'sent',
    reopened: 'sent',
  },
  delivered: {
    typed: 'delivered',
    composed: 'delivered',
    claimed: 'delivered',
    accepted: 'delivered',
    duplicate: 'delivered',
    rejected: 'delivered',
    refused: 'delivered',
    noAnswer: 'delivered',
    echo: 'delivered',
    deliveredReceipt: 'delivered',
    readReceipt: 'read',
    edited: 'delivered',
    moved: 'delivered',
    retried: 'delivered',
    deleted: 'delivered',
    caughtUpWithout: 'delivered',
    wentBackWithout: 'reoffered',
    snapshotWith: 'delivered',
    reopened: 'delivered',
  },
  read: {
    typed: 'read',
    composed: 'read',
    claimed: 'read',
    accepted: 'read',
    duplicate: 'read',
    rejected: 'read',
    refused: 'read',
    noAnswer: 'read',
    echo: 'read',
    deliveredReceipt: 'read',
    readReceipt: 'read',
    edited: 'read',
    moved: 'read',
    retried: 'read',
    deleted: 'read',
    caughtUpWithout: 'read',
    wentBackWithout: 'reoffered',
    snapshotWith: 'read',
    reopened: 'read',
  },
};
