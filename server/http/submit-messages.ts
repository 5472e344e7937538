/**
 * `POST /api/messages`: handing messages over, from the first byte of the request to the last of the answer.
 *
 * It asks nothing of Express, which costs more than all of the rest here (request-listener.ts); so it keeps all the rules
 * by itself that stand before the other routes. Where Express did have the request in hand, they are merely asked twice.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failpoint } from '../failpoint.ts';
import { acceptMessages } from '../inbox/accept-messages.ts';
import { submitSchema, type Draft, type Result } from '../protocol/requests.ts';
import { admission } from './admit.ts';
import { setAnswerHeaders } from './answer-headers.ts';
import { answerJson } from './answer-json.ts';
import { inForm, readJson } from './json-body.ts';
import { refuseOtherPerson } from './other-person.ts';
import { takeToken, type Parts } from './parts.ts';
import { answerProblem } from './problem.ts';
import { refuseOtherSites } from './same-origin.ts';

export const messagesPath = '/api/messages';

export function createSubmitMessages(
  parts: Parts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const admits = admission(parts, 'submissions');

  return async (request, response) => {
    try {
      setAnswerHeaders(response);
      refuseOtherSites(request, parts.config.publicUrl);
      if (!(await admits(request, response))) return;
      failpoint('received');
      const results = await accept(request, await readJson(request));
      failpoint('before-answer');
      answerJson(response, { results });
      failpoint('answered');
    } catch (error) {
      answerProblem(parts, error, response, `POST ${messagesPath}`);
    }
  };

  async function accept(request: IncomingMessage, body: unknown): Promise<Result[]> {
    // Again: the session may have ended while the body came.
    const { person } = await parts.sessions.require(request);
    const { messages, as } = inForm(submitSchema, body);
    failpoint('parsed');
    refuseOtherPerson(person, as);
    takeToken(parts, 'messages', person.id, messages.length);
    const held = await tooManyStrangers(person.id, messages);
    const { results, strangers } = await acceptMessages(parts, person.id, messages, parts.now(), held);
    if (strangers.length > 0)
      parts.limits.firstMessages.take(person.id, strangers.length, parts.now().getTime());
    for (const stranger of strangers) parts.hub.peersChanged(stranger);
    return results;
  }

  /**
   * Which of them would be the first to yet another stranger. Like the other limits it is taken into debt; only who is in
   * debt is looked at more closely. Each is judged by itself, so that nothing else waits for it.
   */
  async function tooManyStrangers(personId: string, drafts: Draft[]): Promise<ReadonlySet<Draft>> {
    const isInDebt =
      parts.config.rateLimits && parts.limits.firstMessages.wait(personId, parts.now().getTime()) > 0;
    if (!isInDebt) return new Set();
    const first = await parts.store.wouldBeFirst(personId, drafts);
    return new Set(drafts.filter((_, index) => first[index]));
  }
}
