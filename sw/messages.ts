/** What a page may say to the worker. Everything else, as from a newer version of the page, is ignored. */
import { boolean, either, object, oneOf, optional, parse, type Output } from '../server/protocol/schema.ts';

const messageSchema = either(
  object({ type: oneOf('flush'), onlyIfDue: optional(boolean) }),
  object({ type: oneOf('SKIP_WAITING'), onlyIfAlone: optional(boolean) }),
);

export function readMessage(data: unknown): Output<typeof messageSchema> | undefined {
  return parse(messageSchema, data);
}
