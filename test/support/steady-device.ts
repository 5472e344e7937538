/**
 * A device as the server sees one: one message after the other, each tried under the same id until it is acknowledged,
 * through refusals and dead connections.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Result } from '../../server/protocol/requests.ts';
import type { ApiPerson } from './person.ts';

/** What came instead of an acknowledgement. */
export interface Refusal {
  status: number;
  code: string | undefined;
  retryAfter: string | null;
}

export class SteadyDevice {
  /** Texts, in order of their acknowledgement. */
  readonly acknowledged: string[] = [];
  readonly refusals: Refusal[] = [];
  readonly #person: ApiPerson;
  readonly #to: ApiPerson;

  constructor(person: ApiPerson, to: ApiPerson) {
    this.#person = person;
    this.#to = to;
  }

  /** Sends until told to stop, which never leaves a message unanswered. */
  async sendUntil(
    over: AbortSignal,
    text = (count: number) => `${this.#person.me.nick} ${count}`,
  ): Promise<void> {
    for (let count = 1; !over.aborted; count += 1) await this.send(text(count));
  }

  async send(text: string): Promise<void> {
    const draft = this.#person.draft(this.#to, text);
    while (!(await this.tryOnce(draft))) {
      // The backoff of a device, not a wait of the test; it keeps no test alive that has failed.
      await wait(20, undefined, { ref: false });
    }
  }

  /** True if it was acknowledged. */
  async tryOnce(draft: ReturnType<ApiPerson['draft']>): Promise<boolean> {
    const response = await this.#person
      .request('/api/messages', { json: { messages: [draft] } })
      .catch(() => undefined);
    if (!response) return false;
    if (response.status === 200) {
      const { results } = (await response.json()) as { results: Result[] };
      if (results[0]!.status === 'rejected') throw new Error(JSON.stringify(results[0]));
      this.acknowledged.push(draft.text);
      return true;
    }
    const { code } = (await response.json()) as { code?: string };
    this.refusals.push({ status: response.status, code, retryAfter: response.headers.get('Retry-After') });
    return false;
  }
}

/** The texts between the two, oldest first: all of them, as the server has them. */
export async function textsBetween(reader: ApiPerson, peer: ApiPerson): Promise<string[]> {
  const texts: string[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const response = await reader.request(`/api/messages?with=${peer.me.nick}&before=${before}`);
    const page = (await response.json()) as { messages: { seq: number; text: string }[]; more: boolean };
    texts.unshift(...page.messages.map(({ text }) => text));
    if (!page.more) return texts;
    before = page.messages[0]!.seq;
  }
}
