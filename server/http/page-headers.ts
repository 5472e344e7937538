/** The headers that fence in the page, and those of its worker: the one place where they are made. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { permissionsPolicy } from './permissions-policy.ts';
import { reportsPath } from './policy-reports.ts';

/** A worker has its own policy: it fetches from here, and loads no further script but, as a module, what it imports. */
export function workerPolicy(isModule: boolean): string {
  return [
    "default-src 'none'",
    "connect-src 'self'",
    ...(isModule ? ["script-src 'self'"] : []),
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join(';');
}

/** Content Security Policy with Trusted Types, and the other headers of a page that trusts nobody. */
export function pageHeaders(folder: string): RequestHandler[] {
  const { scripts, styles } = inlineHashes(path.join(folder, 'index.html'));
  const fence = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'", ...scripts],
        'style-src': ["'self'", ...styles],
        'img-src': ["'self'", 'blob:', 'data:'],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'worker-src': ["'self'"],
        'base-uri': ["'none'"],
        'object-src': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'require-trusted-types-for': ["'script'"],
        'trusted-types': ['lit-html', 'ot-sw'],
        'report-to': ['policy'],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // Over plain HTTP a browser ignores it; behind a proxy that speaks HTTPS it holds.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
  });
  const others: RequestHandler = (_request, response, next) => {
    response.set({
      'Permissions-Policy': permissionsPolicy,
      'Reporting-Endpoints': `policy="${reportsPath}"`,
    });
    next();
  };
  return [fence, others];
}

/** What stands inline in the page was put there by the build; anything else is stopped. */
function inlineHashes(file: string): { scripts: string[]; styles: string[] } {
  const html = readFileSync(file, 'utf8');
  const hashes = (pattern: RegExp) =>
    [...html.matchAll(pattern)].map(
      ([, content]) => `'sha256-${createHash('sha256').update(content!).digest('base64')}'`,
    );
  return {
    scripts: hashes(/<script(?: type="module")?>([\s\S]*?)<\/script>/g),
    styles: hashes(/<style>([\s\S]*?)<\/style>/g),
  };
}
