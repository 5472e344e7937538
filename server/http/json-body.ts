/**
 * Reads a JSON body, strictly: application/json, UTF-8 that is valid, no name twice, no compression, at most 256 KiB.
 * Express's own JSON parser would take UTF-16 and mend invalid UTF-8, and so alter what a person wrote.
 */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { maxBodyBytes } from '../protocol/requests.ts';
import { Misfit, type Schema } from '../protocol/schema.ts';
import { Refused } from './problem.ts';
import { readBytes } from './read-bytes.ts';
import { hasRepeatedName } from './repeated-name.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Puts the parsed JSON on `request.body`. */
export const jsonBody: RequestHandler[] = [requireJson, readWhole, parseJson];

/** The body in the form of `schema`, or a refusal. */
export function readBody<T>(request: Request, schema: Schema<T>): T {
  const body = schema(request.body);
  if (body instanceof Misfit) throw new Refused('bad_json', body.sentence);
  return body;
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const [type, ...parameters] = (request.get('Content-Type') ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (type !== 'application/json') throw new Refused('wrong_type', 'Send application/json.');
  if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) {
    throw new Refused('wrong_type', 'Send JSON in UTF-8.');
  }
  if (request.get('Content-Encoding') !== undefined) {
    throw new Refused('wrong_type', 'Send the body without a Content-Encoding.');
  }
  next();
}

async function readWhole(request: Request, _response: Response, next: NextFunction): Promise<void> {
  request.body = await readBytes(request, maxBodyBytes);
  next();
}

function parseJson(request: Request, _response: Response, next: NextFunction): void {
  let text: string;
  try {
    text = utf8.decode(request.body as Uint8Array);
    request.body = JSON.parse(text);
  } catch {
    throw new Refused('bad_json', 'This is not JSON in valid UTF-8.');
  }
  if (hasRepeatedName(text)) throw new Refused('bad_json', 'An object has a name twice.');
  next();
}
