/**
 * `/api/policy-reports`: where browsers say what the Content Security Policy has stopped (CSP 3, `report-to`; Chromium
 * does over HTTPS only). Of each, the log gets which rule it was and from where; never an address of the app, which names
 * a person, nor a piece of a script.
 */
import { Router } from 'express';
import { addressOf } from './address.ts';
import { takeToken, type Parts } from './parts.ts';
import { readBytes } from './read-bytes.ts';

export const reportsPath = '/api/policy-reports';
const mostBytes = 16 * 1024;
/** Of one request. */
const mostReports = 5;

export function policyReportRoutes(parts: Parts): Router {
  const routes = Router();
  routes.post(reportsPath, async (request, response) => {
    takeToken(parts, 'policyReports', addressOf(request));
    const body = await readBytes(request, mostBytes);
    for (const report of readAll(body)) parts.logger.warn(report, 'the page’s policy was violated');
    response.status(204).end();
  });
  return routes;
}

function readAll(body: Buffer): { directive: string; blocked: string }[] {
  try {
    const reports: unknown = JSON.parse(body.toString());
    return Array.isArray(reports) ? reports.slice(0, mostReports).flatMap(readReport) : [];
  } catch {
    return []; // of whoever sends anything else, nothing is worth a line
  }
}

function readReport(report: unknown): { directive: string; blocked: string }[] {
  const { effectiveDirective, blockedURL } =
    (report as { body?: { effectiveDirective?: unknown; blockedURL?: unknown } } | null)?.body ?? {};
  if (typeof effectiveDirective !== 'string' || !/^[a-z-]{1,40}$/.test(effectiveDirective)) return [];
  return [{ directive: effectiveDirective, blocked: originOf(blockedURL) }];
}

/** Where it came from: an origin, or a word of the standard like `inline`. */
function originOf(blocked: unknown): string {
  if (typeof blocked !== 'string') return 'unknown';
  if (/^[a-z-]{1,40}$/.test(blocked)) return blocked;
  const url = URL.parse(blocked);
  return url === null ? 'unknown' : url.origin === 'null' ? url.protocol : url.origin;
}
