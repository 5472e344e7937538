/** What a page may say to the worker. Everything else, as from a newer version of the page, is ignored. */
import * as v from 'valibot';

const messageSchema = v.variant('type', [
  v.object({ type: v.literal('flush'), onlyIfDue: v.optional(v.boolean(), false) }),
  v.object({ type: v.literal('SKIP_WAITING'), onlyIfAlone: v.optional(v.boolean(), false) }),
]);

export function readMessage(data: unknown): v.InferOutput<typeof messageSchema> | undefined {
  const read = v.safeParse(messageSchema, data);
  return read.success ? read.output : undefined;
}
