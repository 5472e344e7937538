/**
 * Who is online: whoever has a connection, and for a grace of 10 s after the last one closed, so that a train's short
 * tunnels do not make people blink. In memory only; never replayed.
 */

export interface PresenceChange {
  personId: string;
  online: boolean;
  /** ISO 8601. */
  lastSeen: string;
}

export const presenceGraceMs = 10_000;

export interface PresenceOptions {
  graceMs?: number;
  now: () => Date;
  onChange: (change: PresenceChange) => void;
}

/** A person who is there. Whoever entered has it in hand, and gives it back when they leave. */
export interface Presence {
  readonly personId: string;
  connections: number;
  lastSeen: string;
  leaving: NodeJS.Timeout | undefined;
}

/** What is asked of it, be it the board of a single node or of several. */
export type PresenceBoardFace = Pick<
  PresenceBoard,
  'isOnline' | 'lastSeen' | 'enter' | 'leave' | 'everybody' | 'close' | 'drop'
>;

export class PresenceBoard {
  readonly #online = new Map<string, Presence>();
  /** Of those who left since the start; earlier times are in the store. */
  readonly #lastSeen = new Map<string, string>();
  readonly #options: Required<PresenceOptions>;

  constructor(options: PresenceOptions) {
    this.#options = { graceMs: presenceGraceMs, ...options };
  }

  isOnline(personId: string): boolean {
    return this.#online.has(personId);
  }

  /** When a person was last seen, if it was since the start. */
  lastSeen(personId: string): string | undefined {
    return this.#lastSeen.get(personId);
  }

  /** A connection of the person opened. */
  enter(personId: string): Presence {
    const known = this.#online.get(personId);
    const presence = known ?? { personId, connections: 0, lastSeen: '', leaving: undefined };
    this.#online.set(personId, presence);
    presence.connections += 1;
    clearTimeout(presence.leaving);
    if (!known) this.#report(personId, true);
    return presence;
  }

  /** It has closed: once for each time that somebody entered. */
  leave(presence: Presence): void {
    presence.connections -= 1;
    presence.lastSeen = this.#options.now().toISOString();
    if (presence.connections > 0) return;
    presence.leaving = setTimeout(() => {
      if (this.#online.get(presence.personId) === presence) this.#leave(presence.personId);
    }, this.#options.graceMs);
    presence.leaving.unref();
  }

  /** Everybody who is online now: to be remembered as last seen at a shutdown. */
  everybody(): string[] {
    return [...this.#online.keys()];
  }

  /** The server ends: nobody leaves any more. */
  close(): void {
    for (const { leaving } of this.#online.values()) clearTimeout(leaving);
  }

  /** The person signed out for good: no grace. */
  drop(personId: string): void {
    if (this.#online.has(personId)) this.#leave(personId);
  }

  #leave(personId: string): void {
    const presence = this.#online.get(personId);
    if (!presence) return;
    clearTimeout(presence.leaving);
    this.#online.delete(personId);
    this.#lastSeen.set(personId, presence.lastSeen || this.#options.now().toISOString());
    this.#report(personId, false);
  }

  #report(personId: string, online: boolean): void {
    const lastSeen = this.#lastSeen.get(personId) ?? this.#options.now().toISOString();
    this.#options.onChange({ personId, online, lastSeen });
  }
}
