/**
 * Signing in and out over the network. What is remembered on the device is store/device.ts.
 * Never throws for what the network or the server does: every outcome is a value with its own sentence in the page.
 */
import { parseProblem } from '../server/protocol/problem.ts';
import { sessionAnswerSchema, type Person } from '../server/protocol/requests.ts';
import { parse } from '../server/protocol/schema.ts';
import { hedgeAfterMs, hedged } from './store/hedge.ts';
import { readJson, withPatience } from './store/patience.ts';
import { retryAfterMs } from './store/retry-after.ts';

export type SignInOutcome =
  | { kind: 'signed-in'; me: Person }
  | { kind: 'nick-taken' }
  | { kind: 'nick-invalid' }
  | { kind: 'banned' }
  | { kind: 'busy'; afterSeconds: number }
  /** No network, or not our server at the other end (a captive portal's page). */
  | { kind: 'unreachable' };

const timeoutMs = 20_000;

/** Claims `nick`. The same `key` for every try of one attempt: its answer may have been lost after the claim. */
export async function signIn(nick: string, key: string): Promise<SignInOutcome> {
  const answer = await ask('/api/session', 'POST', { nick, key });
  if (!answer) return { kind: 'unreachable' };
  const session = parse(sessionAnswerSchema, answer.body);
  if (answer.status === 201 && session) return { kind: 'signed-in', me: session.me };
  const refusal = parseProblem(answer.body);
  if (refusal?.code === 'nick_taken') return { kind: 'nick-taken' };
  if (refusal?.code === 'nick_invalid') return { kind: 'nick-invalid' };
  if (refusal?.code === 'banned') return { kind: 'banned' };
  if (refusal?.code === 'rate_limited')
    return { kind: 'busy', afterSeconds: Math.ceil((answer.afterMs ?? 10_000) / 1_000) };
  return { kind: 'unreachable' };
}

export type SessionState =
  | { kind: 'signed-in'; me: Person }
  | { kind: 'signed-out' }
  /** `afterMs`: somebody on the way asks to be left alone for so long. */
  | { kind: 'unreachable'; afterMs?: number };

/** Whose session this browser has, as the server sees it: the probe that tells a lost session from a lost network. */
export async function readSession(signal?: AbortSignal): Promise<SessionState> {
  const answer = await ask('/api/session', 'GET', undefined, signal);
  if (!answer) return { kind: 'unreachable' };
  const session = parse(sessionAnswerSchema, answer.body);
  if (answer.status === 200 && session) return { kind: 'signed-in', me: session.me };
  if (answer.status === 401 && parseProblem(answer.body)?.code === 'signed_out')
    return { kind: 'signed-out' };
  return { kind: 'unreachable', ...(answer.afterMs === undefined ? {} : { afterMs: answer.afterMs }) };
}

/** Ends the session on the server. False if the server could not be reached. */
export async function endSession(): Promise<boolean> {
  const answer = await ask('/api/session', 'DELETE');
  return answer?.status === 204 || answer?.status === 401;
}

const leftMark = 'left-session';

/**
 * Ends the session without a network: the server is told as soon as it can be reached, before anybody signs in here
 * again (endLeftSession).
 */
export function leaveSession(): void {
  localStorage.setItem(leftMark, '');
}

/** True once the server knows of a session that was left, and if there is nothing to tell. */
export async function endLeftSession(): Promise<boolean> {
  if (localStorage.getItem(leftMark) === null) return true;
  if (!(await endSession())) return false;
  localStorage.removeItem(leftMark);
  return true;
}

interface Answer {
  status: number;
  /** Undefined for what is not JSON: a captive portal's page. */
  body: unknown;
  afterMs: number | undefined;
}

/** Undefined for no way to the server. */
export async function ask(
  path: string,
  method: 'GET' | 'POST' | 'DELETE',
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer | undefined> {
  const init = {
    method,
    redirect: 'error',
    cache: 'no-store',
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  } as const;
  try {
    return await withPatience({ silenceMs: timeoutMs, signal }, (ends, moved) => {
      const exchange = async (end: AbortSignal) => {
        const response = await fetch(path, { ...init, signal: end });
        const afterMs = retryAfterMs(response.headers.get('Retry-After'), Date.now());
        return { status: response.status, body: await readJson(response, moved), afterMs };
      };
      return method === 'GET' ? hedged(exchange, ends, hedgeAfterMs()) : exchange(ends);
    });
  } catch {
    // No network, a timeout, or a redirect: for the person all the same, no way to the server.
    return undefined;
  }
}
