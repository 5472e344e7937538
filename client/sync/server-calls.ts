/**
 * The page's questions to the server besides the stream and the outbox. Each answers a parsed value, or undefined
 * when there is no way to our server at the moment; who asks decides what that means.
 */
import { parseEventBatch, type EventBatch } from '../../server/protocol/events.ts';
import { parseProblem, problemType } from '../../server/protocol/problem.ts';
import {
  peersAnswerSchema,
  type PeerFlags,
  type PeersAnswer,
  type Privacy,
  type Report,
} from '../../server/protocol/peers.ts';
import {
  historyAnswerSchema,
  peopleAnswerSchema,
  snapshotSchema,
  stretchSchema,
  type Message,
  type Person,
  type Receipts,
  type Snapshot,
  type Stretch,
} from '../../server/protocol/requests.ts';
import { parse } from '../../server/protocol/schema.ts';
import { noteAnswer } from '../store/hedge.ts';
import { readJson, withPatience } from '../store/patience.ts';

const silenceMs = 20_000;

/** The events after a cursor; with `waitSeconds`, the server waits so long for the first. */
export async function fetchEvents(
  after: string,
  waitSeconds: number,
  signal: AbortSignal,
): Promise<EventBatch | undefined> {
  const query = new URLSearchParams({ after, wait: String(waitSeconds) });
  return parseEventBatch(await getJson(`/api/events?${query}`, signal, waitSeconds));
}

export async function fetchSnapshot(signal?: AbortSignal): Promise<Snapshot | undefined> {
  return parse(snapshotSchema, await getJson('/api/sync', signal));
}

export async function fetchPeople(signal?: AbortSignal): Promise<Person[] | undefined> {
  return parse(peopleAnswerSchema, await getJson('/api/people', signal))?.people;
}

export async function fetchHistory(
  peer: { id: string; nick: string },
  before: number,
): Promise<Message[] | undefined> {
  const query = new URLSearchParams({ ...named(peer), before: String(before), limit: '100' });
  return parse(historyAnswerSchema, await getJson(`/api/messages?${query}`))?.messages;
}

/** What the server has of a stretch of a conversation. */
export async function fetchStretch(
  peer: { id: string; nick: string },
  from: number,
  upTo: number,
): Promise<Stretch | undefined> {
  const query = new URLSearchParams({ ...named(peer), from: String(from), upTo: String(upTo) });
  return parse(stretchSchema, await getJson(`/api/messages/digest?${query}`));
}

function named(peer: { id: string; nick: string }): { with: string; withId: string } {
  return { with: peer.nick, withId: peer.id };
}

/** True once the server has taken them, or has said that it never will. */
export async function postReceipts(receipts: Receipts): Promise<boolean> {
  const answer = await request('/api/receipts', { body: receipts });
  return answer?.status === 204 || isRefusal(answer);
}

/** Of the moment: whether it arrived does not matter. */
export async function postTyping(to: string, as: string): Promise<void> {
  await request('/api/typing', { body: { to, as } });
}

/** What was decided about others, as the server knows it; not for who signed in here since. */
export async function fetchPeers(as: string): Promise<PeersAnswer | undefined> {
  return parse(peersAnswerSchema, await getJson(`/api/peers?${new URLSearchParams({ as })}`));
}

/** True once the server has taken it, or has said that it never will. */
export async function putPeer(
  peer: { id: string; nick: string },
  as: string,
  change: Partial<PeerFlags>,
): Promise<boolean> {
  const path = `/api/peers/${encodeURIComponent(peer.nick)}`;
  const answer = await request(path, { method: 'PUT', body: { as, withId: peer.id, ...change } });
  const isUnknown = answer?.status === 404 && isProblemOf(answer);
  return answer?.status === 204 || isUnknown || isRefusal(answer);
}

/** Like putPeer. */
export async function putPrivacy(as: string, change: Partial<Privacy>): Promise<boolean> {
  const answer = await request('/api/settings', { method: 'PUT', body: { as, ...change } });
  return answer?.status === 200 || isRefusal(answer);
}

export type ReportOutcome = 'sent' | 'busy' | 'unreachable';

export async function postReport(report: Report): Promise<ReportOutcome> {
  const answer = await request('/api/reports', { body: report });
  if (answer?.status === 204) return 'sent';
  return answer?.status === 429 ? 'busy' : 'unreachable';
}

interface Answer {
  status: number;
  isProblem: boolean;
  /** Undefined for a captive portal's page, which is no answer of ours. */
  body: unknown;
}

function isRefusal(answer: Answer | undefined): boolean {
  return answer?.status === 400 && isProblemOf(answer);
}

/** One of ours, with a code. */
function isProblemOf(answer: Answer): boolean {
  return answer.isProblem && parseProblem(answer.body) !== undefined;
}

async function getJson(path: string, signal?: AbortSignal, waitSeconds = 0): Promise<unknown> {
  const answer = await request(path, { signal, waitSeconds });
  return answer?.status === 200 ? answer.body : undefined;
}

async function request(
  path: string,
  how: { method?: 'PUT'; body?: unknown; signal?: AbortSignal | undefined; waitSeconds?: number },
): Promise<Answer | undefined> {
  const { method = 'POST', body, signal: outer, waitSeconds = 0 } = how;
  const headers = { Accept: 'application/json' };
  const post = {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  try {
    const patience = { silenceMs: silenceMs + waitSeconds * 1_000, signal: outer };
    return await withPatience(patience, async (signal, moved) => {
      const began = Date.now();
      const response = await fetch(path, {
        ...(body === undefined ? { headers } : post),
        cache: 'no-store',
        redirect: 'error',
        signal,
      });
      moved();
      if (waitSeconds === 0) noteAnswer(Date.now() - began);
      const { status } = response;
      const isProblem = response.headers.get('Content-Type')?.startsWith(problemType) === true;
      return { status, isProblem, body: await readJson(response, moved) };
    });
  } catch {
    return undefined; // offline, cut off, nothing came for too long, or a redirect to somewhere that is not us
  }
}
