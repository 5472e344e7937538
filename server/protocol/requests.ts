/**
 * The bodies of requests and answers, and their parsers: what comes from outside is `unknown` until it was read here.
 * Shared by server, page and worker; so no DOM and no Node in this folder.
 */
import * as v from 'valibot';
import { problemCodeSchema } from './problem.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const eventId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z._-]{1,64}$/));
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Most drafts in one `POST /api/messages`. */
export const maxDrafts = 100;
/** Most bytes of a body that the server reads. */
export const maxBodyBytes = 256 * 1024;

export function isUuid(text: string): boolean {
  return uuidForm.test(text);
}

export const personSchema = v.object({
  id: v.string(),
  nick: v.string(),
  online: v.boolean(),
  /** ISO 8601, or null if never seen. */
  lastSeen: v.nullable(v.string()),
});
export type Person = v.InferOutput<typeof personSchema>;

/** A message as a device hands it over. Its parts are judged one by one, so that one bad draft refuses itself only. */
const draftSchema = v.object({
  id: v.string(),
  to: v.string(),
  toId: v.optional(v.string()),
  text: v.string(),
  composedAt: v.string(),
});
export type Draft = v.InferOutput<typeof draftSchema>;

export const messageSchema = v.object({
  id: v.string(),
  from: v.string(),
  fromId: v.string(),
  to: v.string(),
  toId: v.string(),
  text: v.string(),
  composedAt: v.string(),
  seq: count,
  acceptedAt: v.string(),
});
export type Message = v.InferOutput<typeof messageSchema>;

const resultSchema = v.object({
  id: v.string(),
  status: v.picklist(['accepted', 'duplicate', 'rejected']),
  message: v.optional(messageSchema),
  // A code that only a newer server knows is a refusal all the same, and its sentence says of what.
  error: v.optional(v.object({ code: v.fallback(problemCodeSchema, 'bad_json'), detail: v.string() })),
});
export type Result = v.InferOutput<typeof resultSchema>;

export const signInSchema = v.object({
  nick: v.string(),
  key: v.optional(v.pipe(v.string(), v.regex(uuidForm))),
});
export const sessionAnswerSchema = v.object({ me: personSchema });
export const peopleAnswerSchema = v.object({ people: v.array(personSchema) });

export const submitSchema = v.object({
  messages: v.pipe(v.array(draftSchema), v.minLength(1), v.maxLength(maxDrafts)),
  as: v.optional(v.string()),
});
/** A result of a kind that this version does not know says nothing of its draft, and nothing against the others. */
export const submitAnswerSchema = v.object({
  results: v.pipe(
    v.array(v.fallback(v.nullable(resultSchema), null)),
    v.transform((results) => results.filter((result) => result !== null)),
  ),
});

export const historyAnswerSchema = v.object({ messages: v.array(messageSchema), more: v.boolean() });

/** What the server says of a stretch of a conversation, both ends included and cut to what it keeps; see digest.ts. */
export const stretchSchema = v.object({
  /** The seqs of the first and the last message that the server keeps; 0 and 0 if there is none. */
  first: count,
  last: count,
  from: count,
  upTo: count,
  digest: v.string(),
});
export type Stretch = v.InferOutput<typeof stretchSchema>;

export const receiptsSchema = v.object({
  as: v.optional(v.string()),
  delivered: v.optional(eventId),
  read: v.optional(
    v.pipe(
      v.array(v.object({ with: v.string(), withId: v.optional(v.string()), upTo: count })),
      v.maxLength(1_000),
    ),
  ),
});
export type Receipts = v.InferOutput<typeof receiptsSchema>;

export const typingSchema = v.object({ to: v.string(), as: v.optional(v.string()) });

/** How far one side of a conversation got: the highest seq on their device, and the highest seq read. */
export const progressSchema = v.object({ delivered: count, read: count });
export type Progress = v.InferOutput<typeof progressSchema>;

export const conversationSchema = v.object({
  with: v.string(),
  /** The person behind `with`: the label may pass to another person, the id never does. Not every server says it. */
  withId: v.optional(v.string()),
  lastSeq: count,
  messages: v.array(messageSchema),
  mine: progressSchema,
  theirs: progressSchema,
  unread: count,
});
export type Conversation = v.InferOutput<typeof conversationSchema>;

export const snapshotSchema = v.object({
  me: personSchema,
  cursor: eventId,
  people: v.array(personSchema),
  conversations: v.array(conversationSchema),
});
export type Snapshot = v.InferOutput<typeof snapshotSchema>;
