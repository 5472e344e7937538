/**
 * Accepting messages: judge each draft by itself, store what is well-formed once, then signal.
 * Resolves only after the commit, because the answer is a promise that nothing will break.
 */
import type { EventBus } from '../bus/event-bus.ts';
import { failpoint } from '../failpoint.ts';
import type { ProblemCode } from '../protocol/problem.ts';
import { isUuid, type Draft, type Result } from '../protocol/requests.ts';
import { maxTextCodePoints, textProblem } from '../protocol/text.ts';
import type { EventStore } from '../store/event-store.ts';

/**
 * One result per draft, in order; and to whom the sender had never written, nor they to the sender. Those that are `held`
 * are to more strangers than are allowed.
 */
export async function acceptMessages(
  { store, bus }: { store: EventStore; bus: EventBus },
  senderId: string,
  drafts: readonly Draft[],
  now: Date,
  held: ReadonlySet<Draft> = new Set(),
): Promise<{ results: Result[]; strangers: string[] }> {
  const judged = drafts.map((draft): { draft: Draft; fault: Fault | undefined } => ({
    draft,
    fault: faultOf(draft) ?? (held.has(draft) ? 'rate_limited' : undefined),
  }));
  const sound = judged.filter(({ fault }) => !fault).map(({ draft }) => draft);
  const appended = sound.length > 0 ? await store.append(senderId, sound, now.toISOString()) : undefined;
  failpoint('before-signal');
  if (appended) bus.signal(appended.inboxes);
  const stored = (appended?.results ?? []).values();
  const results = judged.map(({ draft, fault }): Result =>
    fault
      ? { id: draft.id, status: 'rejected', error: { code: fault, detail: sentences[fault] } }
      : stored.next().value!,
  );
  return { results, strangers: appended?.strangers ?? [] };
}

type Fault = keyof typeof sentences;

const sentences = {
  id_invalid: 'The id of a message is a UUID.',
  bad_json: 'composedAt is a time in the form of ISO 8601.',
  text_empty: 'There is nothing in this message.',
  text_too_long: `A message has at most ${maxTextCodePoints} characters.`,
  rate_limited: 'These are many strangers for one day. Try again later.',
  text_invalid: 'This text has control characters, or halves of characters, that cannot be sent.',
} as const satisfies Partial<Record<ProblemCode, string>>;

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function faultOf(draft: Draft): Fault | undefined {
  if (!isUuid(draft.id)) return 'id_invalid';
  if (!isoTime.test(draft.composedAt) || Number.isNaN(Date.parse(draft.composedAt))) return 'bad_json';
  return textProblem(draft.text);
}
