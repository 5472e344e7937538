/**
 * The kinds of event on a stream, and how a device reads them.
 * Only `inbox` and `receipt` are in the log and carry an id; the others are of the moment and never replayed.
 */
import * as v from 'valibot';
import { messageSchema, personSchema, type Message, type Person } from './requests.ts';

/** Milliseconds a browser waits before it reconnects by itself, as said on `ack`. */
export const streamRetryMs = 500;
/** A stream that was silent for this many heartbeats is dead, whatever the browser believes. */
export const silentHeartbeats = 2.5;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const ackSchema = v.object({
  me: personSchema,
  resumed: v.boolean(),
  heartbeat: v.pipe(v.number(), v.minValue(0.05)),
});
/** Whatever the reason, also one of a newer server: the cursor is good for nothing any more. */
const resetSchema = v.object({
  reason: v.fallback(v.picklist(['epoch', 'restored', 'retention', 'invalid']), 'invalid'),
});
const receiptSchema = v.object({
  with: v.string(),
  by: v.string(),
  // Not every server says who is behind the nicks.
  withId: v.optional(v.string()),
  byId: v.optional(v.string()),
  delivered: count,
  read: count,
  at: v.string(),
});
const typingSchema = v.object({ from: v.string(), to: v.string() });
const heartbeatSchema = v.object({ now: v.string() });

export type Ack = v.InferOutput<typeof ackSchema>;
export type Reset = v.InferOutput<typeof resetSchema>;
export type Receipt = v.InferOutput<typeof receiptSchema>;
export type Typing = v.InferOutput<typeof typingSchema>;
export type ResetReason = Reset['reason'];

export type StreamEvent =
  | { kind: 'ack'; data: Ack }
  | { kind: 'inbox'; data: Message }
  | { kind: 'receipt'; data: Receipt }
  | { kind: 'person'; data: Person }
  | { kind: 'typing'; data: Typing }
  | { kind: 'heartbeat'; data: { now: string } }
  | { kind: 'reset'; data: Reset };
export type EventKind = StreamEvent['kind'];

const schemas = {
  ack: ackSchema,
  inbox: messageSchema,
  receipt: receiptSchema,
  person: personSchema,
  typing: typingSchema,
  heartbeat: heartbeatSchema,
  reset: resetSchema,
} as const satisfies Record<EventKind, v.GenericSchema>;

export const eventKinds = Object.keys(schemas) as EventKind[];

/** The event, or undefined for a kind or a form that this version does not know: it is skipped, with its cursor. */
export function parseEvent(kind: string, data: unknown): StreamEvent | undefined {
  if (!Object.hasOwn(schemas, kind)) return undefined;
  const known = kind as EventKind;
  const read = v.safeParse(schemas[known], data);
  // The schema was looked up by the kind, so kind and data belong together; TypeScript cannot follow that.
  return read.success ? ({ kind: known, data: read.output } as StreamEvent) : undefined;
}

/** An event of the log as a batch carries it: `GET /api/events` with `Accept: application/json`. */
export interface LoggedEvent {
  id: string;
  event: string;
  data: unknown;
}

const batchSchema = v.object({
  events: v.array(v.object({ id: v.string(), event: v.string(), data: v.unknown() })),
  cursor: v.string(),
  more: v.boolean(),
});
export type EventBatch = v.InferOutput<typeof batchSchema>;

export function parseEventBatch(body: unknown): EventBatch | undefined {
  const read = v.safeParse(batchSchema, body);
  return read.success ? read.output : undefined;
}
