/**
 * The page's questions to the server besides the stream and the outbox. Each answers a parsed value, or undefined
 * when there is no way to our server at the moment; who asks decides what that means.
 */
import * as v from 'valibot';
import { parseProblem, problemType } from '../../server/protocol/problem.ts';
import {
  historyAnswerSchema,
  peopleAnswerSchema,
  snapshotSchema,
  type Message,
  type Person,
  type Receipts,
  type Snapshot,
} from '../../server/protocol/requests.ts';

const timeoutMs = 20_000;

export async function fetchSnapshot(): Promise<Snapshot | undefined> {
  const read = v.safeParse(snapshotSchema, await getJson('/api/sync'));
  return read.success ? read.output : undefined;
}

export async function fetchPeople(): Promise<Person[] | undefined> {
  const read = v.safeParse(peopleAnswerSchema, await getJson('/api/people'));
  return read.success ? read.output.people : undefined;
}

export async function fetchHistory(
  peer: { id: string; nick: string },
  before: number,
): Promise<Message[] | undefined> {
  const query = new URLSearchParams({
    with: peer.nick,
    withId: peer.id,
    before: String(before),
    limit: '100',
  });
  const read = v.safeParse(historyAnswerSchema, await getJson(`/api/messages?${query}`));
  return read.success ? read.output.messages : undefined;
}

/** True once the server has taken them, or has said that it never will. */
export async function postReceipts(receipts: Receipts): Promise<boolean> {
  const response = await request('/api/receipts', receipts);
  return response?.status === 204 || (await isRefusal(response));
}

/** Of the moment: whether it arrived does not matter. */
export async function postTyping(to: string): Promise<void> {
  await request('/api/typing', { to });
}

async function isRefusal(response: Response | undefined): Promise<boolean> {
  if (response?.status !== 400 || !response.headers.get('Content-Type')?.startsWith(problemType))
    return false;
  return parseProblem(await readJson(response)) !== undefined;
}

async function getJson(path: string): Promise<unknown> {
  const response = await request(path);
  return response?.status === 200 ? readJson(response) : undefined;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined; // cut off, or a captive portal's page: no answer of ours
  }
}

async function request(path: string, body?: unknown): Promise<Response | undefined> {
  const post = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  try {
    return await fetch(path, {
      ...(body === undefined ? {} : post),
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    return undefined; // offline, a timeout, or a redirect to somewhere that is not us
  }
}
