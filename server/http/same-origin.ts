/**
 * A browser's write, or stream, counts only from our own pages.
 * SameSite cookies alone are no defence: Chromium sends a Strict cookie from another port of the same host.
 * A caller with neither Sec-Fetch-Site nor Origin is no browser, and may.
 */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Refused } from './problem.ts';

export function requireSameOrigin(publicUrl: string | undefined): RequestHandler {
  return (request, _response, next) => {
    refuseOtherSites(request, publicUrl);
    next();
  };
}

export function refuseOtherSites(request: IncomingMessage, publicUrl: string | undefined): void {
  if (!isOurs(request, publicUrl)) throw new Refused('cross_site', 'This comes from another site.');
}

function isOurs({ headers }: IncomingMessage, publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = headers.origin;
  if (origin === undefined) return true;
  if (publicUrl !== undefined) return origin === publicUrl;
  const { host } = headers;
  return host !== undefined && URL.parse(origin)?.host === host;
}
