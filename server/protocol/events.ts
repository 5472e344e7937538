/**
 * The kinds of event on a stream, and how a device reads them.
 * Only `inbox`, `receipt` and `user_deleted` are in the log and carry an id; the others are of the moment and never replayed.
 */
import { messageSchema, personSchema, type Message, type Person } from './requests.ts';
import {
  array,
  boolean,
  count,
  numberFrom,
  object,
  oneOf,
  optional,
  orElse,
  parse,
  string,
  unknown,
  type Output,
  type Schema,
} from './schema.ts';

/** Milliseconds a browser waits before it reconnects by itself, as said on `ack`. */
export const streamRetryMs = 500;
/** A stream that was silent for this many heartbeats is dead, whatever the browser believes. */
export const silentHeartbeats = 2.5;

const ackSchema = object({
  me: personSchema,
  resumed: boolean,
  heartbeat: numberFrom(0.05),
});
/** Whatever the reason, also one of a newer server: the cursor is good for nothing any more. */
const resetSchema = object({
  reason: orElse(oneOf('epoch', 'restored', 'retention', 'invalid'), 'invalid'),
});
const receiptSchema = object({
  with: string,
  by: string,
  // Not every server says who is behind the nicks.
  withId: optional(string),
  byId: optional(string),
  delivered: count,
  read: count,
  at: string,
});
/** A person was deleted, and with them all that they wrote. */
const userDeletedSchema = object({ id: string, nick: string, at: string });
const typingSchema = object({ from: string, to: string });
/** What this person decided about others has changed, here or elsewhere: ask for it. */
const peersSchema = object({});
const heartbeatSchema = object({ now: string });

export type Ack = Output<typeof ackSchema>;
export type Reset = Output<typeof resetSchema>;
export type Receipt = Output<typeof receiptSchema>;
export type UserDeleted = Output<typeof userDeletedSchema>;
export type Typing = Output<typeof typingSchema>;
export type ResetReason = Reset['reason'];

export type StreamEvent =
  | { kind: 'ack'; data: Ack }
  | { kind: 'inbox'; data: Message }
  | { kind: 'receipt'; data: Receipt }
  | { kind: 'user_deleted'; data: UserDeleted }
  | { kind: 'person'; data: Person }
  | { kind: 'typing'; data: Typing }
  | { kind: 'peers'; data: object }
  | { kind: 'heartbeat'; data: { now: string } }
  | { kind: 'reset'; data: Reset };
export type EventKind = StreamEvent['kind'];

const schemas = {
  ack: ackSchema,
  inbox: messageSchema,
  receipt: receiptSchema,
  user_deleted: userDeletedSchema,
  person: personSchema,
  typing: typingSchema,
  peers: peersSchema,
  heartbeat: heartbeatSchema,
  reset: resetSchema,
} as const satisfies Record<EventKind, Schema<object>>;

export const eventKinds = Object.keys(schemas) as EventKind[];

/** The event, or undefined for a kind or a form that this version does not know: it is skipped, with its cursor. */
export function parseEvent(kind: string, data: unknown): StreamEvent | undefined {
  if (!Object.hasOwn(schemas, kind)) return undefined;
  const known = kind as EventKind;
  const output = parse<object>(schemas[known], data);
  // The schema was looked up by the kind, so kind and data belong together; TypeScript cannot follow that.
  return output && ({ kind: known, data: output } as StreamEvent);
}

/** An event of the log as a batch carries it: `GET /api/events` with `Accept: application/json`. */
export interface LoggedEvent {
  id: string;
  event: string;
  data: unknown;
}

const batchSchema = object({
  events: array(object({ id: string, event: string, data: unknown })),
  cursor: string,
  more: boolean,
});
export type EventBatch = Output<typeof batchSchema>;

export function parseEventBatch(body: unknown): EventBatch | undefined {
  return parse(batchSchema, body);
}
