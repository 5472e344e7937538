/** A person at the API: signs in, sends, reads; the cookie in hand, as a program would have it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { parseEventBatch, type EventBatch } from '../../server/protocol/events.ts';
import type { Draft, Message, Person, Result, Snapshot } from '../../server/protocol/requests.ts';

export class ApiPerson {
  readonly baseUrl: string;
  readonly cookie: string;
  readonly me: Person;

  constructor(baseUrl: string, cookie: string, me: Person) {
    this.baseUrl = baseUrl;
    this.cookie = cookie;
    this.me = me;
  }

  static async signIn(baseUrl: string, nick: string, key?: string): Promise<ApiPerson> {
    const response = await fetch(`${baseUrl}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ nick, ...(key === undefined ? {} : { key }) }),
    });
    assert.equal(response.status, 201, `signing in as ${nick}`);
    const cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
    const { me } = (await response.json()) as { me: Person };
    return new ApiPerson(baseUrl, cookie, me);
  }

  request(path: string, options: RequestInit & { json?: unknown } = {}): Promise<Response> {
    const { json, headers, ...rest } = options;
    return fetch(this.baseUrl + path, {
      ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
      ...rest,
      headers: {
        Cookie: this.cookie,
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(headers as Record<string, string> | undefined),
      },
    });
  }

  draft(to: ApiPerson | string, text: string, changes: Partial<Draft> = {}): Draft {
    const nick = typeof to === 'string' ? to : to.me.nick;
    return { id: randomUUID(), to: nick, text, composedAt: new Date().toISOString(), ...changes };
  }

  async send(...drafts: Draft[]): Promise<Result[]> {
    const response = await this.request('/api/messages', { json: { messages: drafts } });
    assert.equal(response.status, 200);
    return ((await response.json()) as { results: Result[] }).results;
  }

  /** Changes what is at `path`, for instance what I decided about somebody. */
  async change(path: string, to: unknown): Promise<Response> {
    const response = await this.request(path, { json: to, method: 'PUT' });
    assert.ok(response.ok, `changing ${path}`);
    return response;
  }

  async sync(): Promise<Snapshot> {
    return (await (await this.request('/api/sync')).json()) as Snapshot;
  }

  async events(after: string, wait = 0): Promise<EventBatch> {
    const path = `/api/events?after=${encodeURIComponent(after)}&wait=${wait}`;
    const response = await this.request(path, { headers: { Accept: 'application/json' } });
    assert.equal(response.status, 200);
    const batch = parseEventBatch(await response.json());
    assert.ok(batch, 'a batch of the form of the contract');
    return batch;
  }

  async history(nick: string): Promise<Message[]> {
    const response = await this.request(`/api/messages?with=${encodeURIComponent(nick)}`);
    return ((await response.json()) as { messages: Message[] }).messages;
  }
}
