/**
 * What the nodes tell each other, and its parser. Everything here may be lost: messages stand in the log, sessions and
 * decisions in the database, and presence is told again.
 */
import { personSchema } from '../protocol/requests.ts';
import {
  array,
  boolean,
  count,
  Misfit,
  numberFrom,
  object,
  oneOf,
  parse,
  string,
} from '../protocol/schema.ts';
import type { Output, Schema } from '../protocol/schema.ts';

const forms = {
  /** These inboxes have news. */
  news: object({ inboxes: array(string) }),
  /** The node lives, and so often told who came and who left. */
  hello: object({ version: count }),
  /** Who came and who left, at `lastSeen` in ISO 8601, since the version before. */
  moved: object({
    version: count,
    came: array(string),
    left: array(object({ personId: string, lastSeen: string })),
  }),
  /** Somebody missed a version of these nodes: they say everybody again. */
  ask: object({ nodes: array(string) }),
  /** All who are on this node. */
  everybody: object({ version: count, people: array(string) }),
  /** The person has left for good. */
  gone: object({ personId: string }),
  typing: object({ toPersonId: string, from: string, to: string }),
  peers: object({ personId: string }),
  /** To one viewer alone. */
  person: object({ viewerId: string, person: personSchema }),
  newcomer: object({ person: personSchema }),
  /** The person shows presence from now on, or none. */
  shows: object({ personId: string }),
  ended: object({ tokenHash: string }),
  apart: object({ one: string, other: string, isApart: boolean }),
  privacy: object({ personId: string, presence: boolean, typing: boolean }),
  /** What was taken from buckets that run low. */
  taken: object({ takes: array(object({ limit: string, key: string, cost: numberFrom(0) })) }),
} satisfies Record<string, Schema<unknown>>;

type Forms = typeof forms;
export type NodeMessage = { [Kind in keyof Forms]: { kind: Kind } & Output<Forms[Kind]> }[keyof Forms];

const kindForm = object({ kind: oneOf(...(Object.keys(forms) as (keyof Forms)[])) });

/** What does not fit, as from a newer version, is passed over by who reads. */
export const nodeMessage: Schema<NodeMessage> = (value) => {
  const head = parse(kindForm, value);
  if (!head) return new Misfit('a message of a known kind');
  const rest = forms[head.kind](value);
  return rest instanceof Misfit ? rest : ({ ...head, ...rest } as NodeMessage);
};
