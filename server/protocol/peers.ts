/**
 * What a person has decided about others and about themselves: blocking, muting, message requests, privacy, reports.
 * Like requests.ts, these are the bodies of requests and answers, shared by server and page.
 */
import { personSchema } from './requests.ts';
import { array, arrayOfKnown, boolean, object, oneOf, optional, string, type Output } from './schema.ts';

/** `withId`, when given, says who is meant whatever happened to the nick. */
export const peerChangeSchema = object({
  as: optional(string),
  withId: optional(string),
  blocked: optional(boolean),
  muted: optional(boolean),
  accepted: optional(boolean),
});

export interface PeerFlags {
  /** Nothing passes between the two. */
  blocked: boolean;
  /** Their messages ask for no attention. */
  muted: boolean;
  /** No stranger: I wrote to them, or said that they may write to me. */
  accepted: boolean;
}

/** Each is reciprocal: who shows none sees none. */
const privacySchema = object({ receipts: boolean, typing: boolean, presence: boolean });
export type Privacy = Output<typeof privacySchema>;

export const privacyChangeSchema = object({
  as: optional(string),
  receipts: optional(boolean),
  typing: optional(boolean),
  presence: optional(boolean),
});

const peerSchema = object({ person: personSchema, blocked: boolean, muted: boolean, accepted: boolean });
/** Who is not listed is accepted, neither blocked nor muted. */
export const peersAnswerSchema = object({ peers: arrayOfKnown(peerSchema), settings: privacySchema });
export type PeersAnswer = Output<typeof peersAnswerSchema>;

export const reportReasons = ['spam', 'harassment', 'threats', 'impersonation', 'something-else'] as const;
export type ReportReason = (typeof reportReasons)[number];

export const maxReportNote = 1_000;
const maxReportMessages = 20;

export const reportSchema = object({
  as: optional(string),
  with: string,
  withId: optional(string),
  reason: oneOf(...reportReasons),
  note: optional(string),
  /** Ids of the messages that the reporter hands over; of no others does the operator get the text. */
  messages: optional(array(string, 0, maxReportMessages)),
});
export type Report = Output<typeof reportSchema>;
