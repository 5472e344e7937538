/**
 * Signing in and out over the network. What is remembered on the device is store/device.ts.
 * Never throws for what the network or the server does: every outcome is a value with its own sentence in the page.
 */
import { parseProblem } from '../server/protocol/problem.ts';
import { sessionAnswerSchema, type Person } from '../server/protocol/requests.ts';
import * as v from 'valibot';

export type SignInOutcome =
  | { kind: 'signed-in'; me: Person }
  | { kind: 'nick-taken' }
  | { kind: 'nick-invalid'; detail: string }
  | { kind: 'busy'; afterSeconds: number }
  /** No network, or not our server at the other end (a captive portal's page). */
  | { kind: 'unreachable' };

const signInTimeoutMs = 20_000;

/** Claims `nick`. The same `key` for every try of one attempt: its answer may have been lost after the claim. */
export async function signIn(nick: string, key: string): Promise<SignInOutcome> {
  const answer = await ask('POST', { nick, key });
  if (!answer) return { kind: 'unreachable' };
  const session = v.safeParse(sessionAnswerSchema, answer.body);
  if (answer.status === 201 && session.success) return { kind: 'signed-in', me: session.output.me };
  const refusal = parseProblem(answer.body);
  if (refusal?.code === 'nick_taken') return { kind: 'nick-taken' };
  if (refusal?.code === 'nick_invalid') return { kind: 'nick-invalid', detail: refusal.detail };
  if (refusal?.code === 'rate_limited') return { kind: 'busy', afterSeconds: answer.retryAfterSeconds };
  return { kind: 'unreachable' };
}

export type SessionState =
  | { kind: 'signed-in'; me: Person }
  | { kind: 'signed-out' }
  | { kind: 'unreachable' };

/** Whose session this browser has, as the server sees it: the probe that tells a lost session from a lost network. */
export async function readSession(): Promise<SessionState> {
  const answer = await ask('GET');
  if (!answer) return { kind: 'unreachable' };
  const session = v.safeParse(sessionAnswerSchema, answer.body);
  if (answer.status === 200 && session.success) return { kind: 'signed-in', me: session.output.me };
  if (answer.status === 401 && parseProblem(answer.body)?.code === 'signed_out')
    return { kind: 'signed-out' };
  return { kind: 'unreachable' };
}

/** Ends the session on the server. False if the server could not be reached. */
export async function endSession(): Promise<boolean> {
  const answer = await ask('DELETE');
  return answer?.status === 204 || answer?.status === 401;
}

async function ask(
  method: 'GET' | 'POST' | 'DELETE',
  body?: unknown,
): Promise<{ status: number; body: unknown; retryAfterSeconds: number } | undefined> {
  try {
    const response = await fetch('/api/session', {
      method,
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(signInTimeoutMs),
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const retryAfterSeconds = Number(response.headers.get('Retry-After')) || 10;
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), retryAfterSeconds };
  } catch {
    // No network, a timeout, a redirect, or an answer that is not JSON: for the person all the same, no way to the server.
    return undefined;
  }
}
