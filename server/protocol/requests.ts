/**
 * The bodies of requests and answers, and their parsers: what comes from outside is `unknown` until it was read here.
 * Shared by server, page and worker; so no DOM and no Node in this folder.
 */
import { problemCodeSchema } from './problem.ts';
import {
  array,
  arrayOfKnown,
  boolean,
  count,
  matching,
  nullable,
  object,
  oneOf,
  optional,
  orElse,
  string,
  type Output,
} from './schema.ts';

const eventId = matching(/^[0-9A-Za-z._-]{1,64}$/);
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Most drafts in one `POST /api/messages`. */
export const maxDrafts = 100;
/** Most bytes of a body that the server reads. */
export const maxBodyBytes = 256 * 1024;

export function isUuid(text: string): boolean {
  return uuidForm.test(text);
}

export const personSchema = object({
  id: string,
  nick: string,
  online: boolean,
  /** ISO 8601, or null if never seen. */
  lastSeen: nullable(string),
});
export type Person = Output<typeof personSchema>;

/** A message as a device hands it over. Its parts are judged one by one, so that one bad draft refuses itself only. */
const draftSchema = object({
  id: string,
  to: string,
  toId: optional(string),
  text: string,
  composedAt: string,
});
export type Draft = Output<typeof draftSchema>;

export const messageSchema = object({
  id: string,
  from: string,
  fromId: string,
  to: string,
  toId: string,
  text: string,
  composedAt: string,
  seq: count,
  acceptedAt: string,
  /** Its sender was deleted, and its text with them; this is what it still adds to the digest. */
  erased: optional(matching(/^[0-9a-f]{16}$/)),
});
export type Message = Output<typeof messageSchema>;

const resultSchema = object({
  id: string,
  status: oneOf('accepted', 'duplicate', 'rejected'),
  message: optional(messageSchema),
  // A code that only a newer server knows is a refusal all the same, and its sentence says of what.
  error: optional(object({ code: orElse(problemCodeSchema, 'bad_json'), detail: string })),
});
export type Result = Output<typeof resultSchema>;

export const signInSchema = object({
  nick: string,
  key: optional(matching(uuidForm)),
});
export const sessionAnswerSchema = object({ me: personSchema });
export const peopleAnswerSchema = object({ people: array(personSchema) });

export const submitSchema = object({
  messages: array(draftSchema, 1, maxDrafts),
  as: optional(string),
});
/** A result of a kind that this version does not know says nothing of its draft, and nothing against the others. */
export const submitAnswerSchema = object({ results: arrayOfKnown(resultSchema) });

export const historyAnswerSchema = object({ messages: array(messageSchema), more: boolean });

export const deviceSchema = object({
  id: string,
  /** `Chrome on Android`; empty if it is not known. */
  name: string,
  since: string,
  lastUsed: string,
  /** The one that asks. */
  current: boolean,
});
export type Device = Output<typeof deviceSchema>;
export const devicesAnswerSchema = object({ devices: array(deviceSchema) });

export const deleteMeSchema = object({ nick: string });

/** What the server says of a stretch of a conversation, both ends included and cut to what it keeps; see digest.ts. */
export const stretchSchema = object({
  /** The seqs of the first and the last message that the server keeps; 0 and 0 if there is none. */
  first: count,
  last: count,
  from: count,
  upTo: count,
  digest: string,
});
export type Stretch = Output<typeof stretchSchema>;

export const receiptsSchema = object({
  as: optional(string),
  delivered: optional(eventId),
  read: optional(array(object({ with: string, withId: optional(string), upTo: count }), 0, 1_000)),
});
export type Receipts = Output<typeof receiptsSchema>;

export const typingSchema = object({ to: string, as: optional(string) });

/** How far one side of a conversation got: the highest seq on their device, and the highest seq read. */
export const progressSchema = object({ delivered: count, read: count });
export type Progress = Output<typeof progressSchema>;

export const conversationSchema = object({
  with: string,
  /** The person behind `with`: the label may pass to another person, the id never does. Not every server says it. */
  withId: optional(string),
  lastSeq: count,
  messages: array(messageSchema),
  mine: progressSchema,
  theirs: progressSchema,
  unread: count,
});
export type Conversation = Output<typeof conversationSchema>;

export const snapshotSchema = object({
  me: personSchema,
  cursor: eventId,
  people: array(personSchema),
  conversations: array(conversationSchema),
});
export type Snapshot = Output<typeof snapshotSchema>;
