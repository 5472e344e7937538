/**
 * Reads a JSON body, strictly: application/json, UTF-8 that is valid, no name twice, no compression, at most 256 KiB.
 * Express's own JSON parser would take UTF-16 and mend invalid UTF-8, and so alter what a person wrote.
 */
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { maxBodyBytes } from '../protocol/requests.ts';
import { Misfit, type Schema } from '../protocol/schema.ts';
import { Refused } from './problem.ts';
import { readBytes } from './read-bytes.ts';
import { hasRepeatedName } from './repeated-name.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Puts the parsed JSON on `request.body`. */
export const jsonBody: RequestHandler = async (request, _response, next) => {
  request.body = await readJson(request);
  next();
};

/** The body in the form of `schema`, or a refusal. */
export function readBody<T>(request: Request, schema: Schema<T>): T {
  return inForm(schema, request.body);
}

export function inForm<T>(schema: Schema<T>, value: unknown): T {
  const body = schema(value);
  if (body instanceof Misfit) throw new Refused('bad_json', body.sentence);
  return body;
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  requireJson(request);
  const bytes = await readBytes(request, maxBodyBytes);
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new Refused('bad_json', 'This is not JSON in valid UTF-8.');
  }
  if (hasRepeatedName(text)) throw new Refused('bad_json', 'An object has a name twice.');
  return value;
}

function requireJson({ headers }: IncomingMessage): void {
  const [type, ...parameters] = (headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (type !== 'application/json') throw new Refused('wrong_type', 'Send application/json.');
  if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) {
    throw new Refused('wrong_type', 'Send JSON in UTF-8.');
  }
  if (headers['content-encoding'] !== undefined) {
    throw new Refused('wrong_type', 'Send the body without a Content-Encoding.');
  }
}
