/**
 * A browser's write, or stream, counts only from our own pages.
 * SameSite cookies alone are no defence: Chromium sends a Strict cookie from another port of the same host.
 * A caller with neither Sec-Fetch-Site nor Origin is no browser, and may.
 */
import type { Request, RequestHandler } from 'express';
import { Refused } from './problem.ts';

export function requireSameOrigin(publicUrl: string | undefined): RequestHandler {
  return (request, _response, next) => {
    if (!isOurs(request, publicUrl)) throw new Refused('cross_site', 'This comes from another site.');
    next();
  };
}

function isOurs(request: Request, publicUrl: string | undefined): boolean {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = request.get('Origin');
  if (origin === undefined) return true;
  if (publicUrl !== undefined) return origin === publicUrl;
  const host = request.get('Host');
  return host !== undefined && URL.parse(origin)?.host === host;
}
