/**
 * The part of the store that is about being left in peace: what persons decided about others and about themselves, and
 * what they reported. The rules of event-store.ts hold here, too.
 */
import type { PeerFlags, Privacy, Report } from '../protocol/peers.ts';
import type { StoredPerson } from './event-store.ts';

export interface StoredPeer extends PeerFlags {
  person: StoredPerson;
}

/** By id, whom presence and typing pass by; see discretion.ts. */
export interface StoredDiscretion {
  /** Pairs of which one has blocked the other. */
  apart: [string, string][];
  withoutPresence: string[];
  withoutTyping: string[];
}

export interface Ban {
  personId: string;
  /** ISO 8601; null for good. */
  until: string | null;
}

export interface PeerStore {
  /** Changes what is decided about another person; undefined for oneself, and where nobody is called so. */
  setPeer(
    personId: string,
    peer: { with: string; withId?: string },
    change: Partial<PeerFlags>,
    at: string,
  ): Promise<{ peer: StoredPerson; isApart: boolean; inboxes: string[] } | undefined>;
  setPrivacy(personId: string, change: Partial<Privacy>): Promise<Privacy>;
  /** Keeps a report, with those of the named messages that passed between the two. False for an unknown person. */
  addReport(personId: string, report: Omit<Report, 'as'>, at: string): Promise<boolean>;

  /** Whoever is blocked or muted, or waits to be accepted. */
  peers(personId: string): Promise<{ peers: StoredPeer[]; settings: Privacy }>;
  /** Of each of these, whether a message would be the first between the two. */
  wouldBeFirst(personId: string, recipients: readonly { to: string; toId?: string }[]): Promise<boolean[]>;
  discretion(): Promise<StoredDiscretion>;
  /** Who is kept out, as the operator's command says it; those that are over by `at` left out. */
  bans(at: string): Promise<Ban[]>;
}
