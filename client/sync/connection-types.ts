/** The words of the connection's machine: its states, what can happen to it, and what it wants done. */

export type ConnectionState =
  /** Nothing wanted: not the leader, signed out, or hidden. */
  | { name: 'stopped' }
  /** A stream is being opened, by us or (`isRetry`) by the browser itself; `ack` is due by `until`. */
  | {
      name: 'connecting';
      attempt: number;
      since: number;
      until: number;
      isRetry: boolean;
      /** The stream before it may have died with its network, and this one may be on a dead connection as well. */
      isDoubtful?: true;
    }
  /** `ack` came, and what was missed is being read. Something is due by `until`. */
  | ({ name: 'catching-up' } & OpenStream)
  /** All is read. Something is due by `until`. */
  | ({ name: 'live' } & OpenStream)
  /** Something on the way holds streams back: the inbox is asked for, again and again. */
  | Polling
  /** It failed: is it the network or the session? Asked at once, answered by `until`. */
  | {
      name: 'probing';
      attempt: number;
      until: number;
      /** What the stream had done: not a word, no stream at all, or it had begun well. */
      stream: 'silent' | 'refused' | 'worked';
      polls: boolean;
    }
  /** To be tried again at `until`. */
  | { name: 'waiting'; attempt: number; until: number; polls: boolean }
  /** The session is gone, or is another person's. */
  | { name: 'refused'; why: 'signed-out' | 'other-person' };

export interface OpenStream {
  /** Failures in a row before it, until all is read. */
  attempt: number;
  heartbeatMs: number;
  until: number;
  openedAt: number;
  /** Opened by the browser itself, after the one before had failed. */
  isRetry: boolean;
}

export interface Polling {
  name: 'polling';
  attempt: number;
  /** Since when this poll runs. */
  since: number;
  /** What the polls brought so far. */
  heard: 'nothing' | 'something' | 'all';
  /** A stream beside it, to see whether one works by now: `soon` means after the next answer. */
  stream: 'none' | 'soon' | 'trying';
  /** When the trial of a stream begins, or is over. */
  until: number;
}

export type ConnectionEvent =
  | { type: 'start' }
  | { type: 'stop' }
  /** The request for the stream has left. */
  | { type: 'opened' }
  | { type: 'ack'; heartbeatMs: number }
  /** Anything at all came. */
  | { type: 'heard' }
  /** The first heartbeat after the replay. */
  | { type: 'caught-up' }
  /** The stream failed; `closed` when the browser has given up on it, or what came could not be stored. */
  | { type: 'failed'; closed: boolean }
  /** A poll was answered, and the answer is stored. */
  | { type: 'polled'; more: boolean }
  | { type: 'poll-failed' }
  /** The cursor is good for nothing: go on from the one that is stored now. */
  | { type: 'reopen' }
  | {
      type: 'probed';
      result: 'signed-in' | 'signed-out' | 'other-person' | 'unreachable';
      /** The server asked to be left alone for so long. */
      afterMs?: number;
    }
  /** Reason to believe that the network has changed: online, pageshow, back from the background, the person asks. */
  | { type: 'wake' }
  /** Another request got through. */
  | { type: 'evidence' }
  /** `until` has passed. */
  | { type: 'due' };

export type ProbeResult = Pick<Extract<ConnectionEvent, { type: 'probed' }>, 'result' | 'afterMs'>;

export type Effect =
  /** Open a stream from the stored cursor; one that is open is closed first. */
  | 'open'
  | 'close'
  /** Poll from the stored cursor; a poll that runs is given up. */
  | 'poll'
  | 'end-poll'
  | 'probe';

export interface Step {
  state: ConnectionState;
  effects: Effect[];
}
