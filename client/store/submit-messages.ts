/**
 * One POST of messages → a typed outcome. Never throws: whatever the network does is a value here.
 * Only an answer that is surely ours counts; a captive portal's page with status 200 is no answer.
 */
import { parseProblem, problemType, type Refusal } from '../../server/protocol/problem.ts';
import {
  sessionAnswerSchema,
  submitAnswerSchema,
  type Draft,
  type Result,
} from '../../server/protocol/requests.ts';
import { parse } from '../../server/protocol/schema.ts';
import { hedgeAfterMs, hedged, noteAnswer } from './hedge.ts';
import { parseJson, withPatience } from './patience.ts';
import { retryAfterMs } from './retry-after.ts';

export type Submission =
  /** Results of ours, for all or some of the drafts. */
  | { kind: 'answered'; results: Result[] }
  /** The request as a whole was refused with one of our codes: somewhere in it is the guilty draft. */
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'signed-out' }
  | { kind: 'other-person' }
  | { kind: 'retry-later'; why: 'offline' | 'timeout' | 'server' | 'busy' | 'not-ours'; afterMs?: number };

/** What a question that carries no message found at the other end. */
export type Knock = { kind: 'open' } | Exclude<Submission, { kind: 'answered' } | { kind: 'refused' }>;

const knockTimeoutMs = 10_000;

/** 20 s, and a second more for each 4 KiB: what a bad 2G link needs. */
function submitTimeoutMs(bodyBytes: number): number {
  return 20_000 + Math.ceil(bodyBytes / 4_096) * 1_000;
}

/** Hands drafts over as person `as`, until `over`; `fetch` is a parameter for tests. */
export async function submitMessages(
  drafts: readonly Draft[],
  as: string,
  over?: AbortSignal,
  request: typeof fetch = fetch,
): Promise<Submission> {
  const body = JSON.stringify({ messages: drafts, as });
  const timeoutMs = submitTimeoutMs(new TextEncoder().encode(body).length);
  const headers = { 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body };
  const exchange = exchangeBy(request, '/api/messages', init, (answer): Submission => {
    const ours = parse(submitAnswerSchema, answer);
    return ours ? { kind: 'answered', results: ours.results } : notOurs;
  });
  return ending(timeoutMs, async (signal) => {
    const began = Date.now();
    const outcome = await exchange(over ? AbortSignal.any([signal, over]) : signal);
    noteAnswer(Date.now() - began);
    return outcome;
  });
}

/** Is our server there, and is `as` signed in? */
export async function knock(as: string, request: typeof fetch = fetch): Promise<Knock> {
  const exchange = exchangeBy(request, '/api/session', {}, (answer): Knock => {
    const session = parse(sessionAnswerSchema, answer);
    if (!session) return notOurs;
    return { kind: session.me.id === as ? 'open' : 'other-person' };
  });
  const found = await ending(knockTimeoutMs, (signal) => hedged(exchange, signal, hedgeAfterMs()));
  // Our server answers, if not as it should: what it makes of the messages it says when it has them.
  return found.kind === 'refused' ? { kind: 'open' } : found;
}

type Trouble = Exclude<Submission, { kind: 'answered' }>;
const notOurs = { kind: 'retry-later', why: 'not-ours' } as const;

function exchangeBy<T>(
  request: typeof fetch,
  path: string,
  init: RequestInit,
  readOk: (body: unknown) => T,
): (signal: AbortSignal) => Promise<T | Trouble> {
  return async (signal) => {
    const response = await request(path, {
      ...init,
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'same-origin',
      signal,
    });
    const body = parseJson(await response.text());
    return response.status === 200 ? readOk(body) : readTrouble(response, body);
  };
}

async function ending<T>(
  silenceMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | Extract<Trouble, { kind: 'retry-later' }>> {
  try {
    return await withPatience({ silenceMs }, work);
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    return { kind: 'retry-later', why: timedOut ? 'timeout' : 'offline' };
  }
}

function readTrouble({ status, headers }: Response, body: unknown): Trouble {
  const isProblem = headers.get('Content-Type')?.startsWith(problemType) === true;
  const refusal = isProblem ? parseProblem(body) : undefined;
  if (status === 401 && refusal?.code === 'signed_out') return { kind: 'signed-out' };
  if (status === 409 && refusal?.code === 'other_person') return { kind: 'other-person' };
  if (status === 429 || status === 503) {
    const afterMs = retryAfterMs(headers.get('Retry-After'), Date.now());
    return { kind: 'retry-later', why: 'busy', ...(afterMs === undefined ? {} : { afterMs }) };
  }
  const meansLater = status === 408 || status === 425 || status >= 500;
  if (refusal && status >= 400 && !meansLater) return { kind: 'refused', refusal };
  return { kind: 'retry-later', why: status >= 500 ? 'server' : 'not-ours' };
}
