/**
 * Reads a JSON body, strictly: application/json, UTF-8 that is valid, no compression, at most 256 KiB.
 * Express's own JSON parser would take UTF-16 and mend invalid UTF-8, and so alter what a person wrote.
 */
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { maxBodyBytes } from '../protocol/requests.ts';
import { Misfit, type Schema } from '../protocol/schema.ts';
import { Refused } from './problem.ts';

const readBytes = express.raw({ type: () => true, limit: maxBodyBytes, inflate: false });
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Puts the parsed JSON on `request.body`. */
export const jsonBody: RequestHandler[] = [requireJson, readStrictly, parseJson];

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

function readStrictly(request: Request, response: Response, next: NextFunction): void {
  readBytes(request, response, (error: unknown) => {
    if (!error) return next();
    const status = (error as { status?: unknown }).status;
    if (status === 413) {
      // What is still on its way is not read.
      response.set('Connection', 'close');
      return next(new Refused('too_large', `A body has at most ${maxBodyBytes} bytes.`));
    }
    // The sender went away, or the length was a lie: nobody is left to be told more.
    next(new Refused('bad_json', 'The body did not arrive whole.'));
  });
}

function parseJson(request: Request, _response: Response, next: NextFunction): void {
  try {
    const bytes: unknown = request.body;
    request.body = JSON.parse(bytes instanceof Uint8Array ? utf8.decode(bytes) : '');
  } catch {
    throw new Refused('bad_json', 'This is not JSON in valid UTF-8.');
  }
  next();
}
