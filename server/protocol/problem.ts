/**
 * Errors on the wire: application/problem+json (RFC 9457) with a stable `code`.
 * A device acts on the code alone; title and detail are for people.
 */
import { object, oneOf, orElse, parse, string } from './schema.ts';

/** Every code there is, with the status of a whole request refused for it. Those of a single draft come in its Result. */
export const problemStatus = {
  nick_taken: 409,
  nick_invalid: 422,
  unknown_person: 404,
  person_changed: 409,
  text_empty: 422,
  text_too_long: 422,
  text_invalid: 422,
  id_invalid: 422,
  id_reused: 409,
  blocked: 403,
  blocked_by_you: 403,
  banned: 403,
  signed_out: 401,
  other_person: 409,
  cross_site: 403,
  bad_json: 400,
  wrong_type: 415,
  too_large: 413,
  rate_limited: 429,
  storage_full: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

export const problemType = 'application/problem+json';

export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
}

/** What was wrong with one draft, or with a request. */
export interface Refusal {
  code: ProblemCode;
  /** A sentence for people. */
  detail: string;
}

export const problemCodeSchema = oneOf(...(Object.keys(problemStatus) as ProblemCode[]));
const problemSchema = object({ code: problemCodeSchema, detail: orElse(string, '') });

/** The refusal in a problem+json body, or undefined if the body is not one of ours. */
export function parseProblem(body: unknown): Refusal | undefined {
  return parse(problemSchema, body);
}
