/**
 * `/api/policy-reports`: where browsers say what the Content Security Policy has stopped (CSP 3, `report-to`). Of each, the log
 * gets which rule it was and whose file; never an address of the app, which names a person, nor a piece of a script.
 */
import express, { Router, type RequestHandler } from 'express';
import { addressOf } from './address.ts';
import { takeToken, type Parts } from './parts.ts';

export const reportsPath = '/api/policy-reports';
const mostBytes = 16 * 1024;
/** Of one request. */
const mostReports = 5;

export function policyReportRoutes(parts: Parts): Router {
  const notTooOften: RequestHandler = (request, _response, next) => {
    takeToken(parts, 'reports', addressOf(request));
    next();
  };
  const readReports = express.raw({ type: 'application/reports+json', limit: mostBytes, inflate: false });

  const routes = Router();
  routes.post(reportsPath, notTooOften, readReports, (request, response) => {
    for (const report of readAll(request.body)) parts.logger.warn(report, 'the page’s policy was violated');
    response.status(204).end();
  });
  return routes;
}

function readAll(body: unknown): { directive: string; blocked: string }[] {
  try {
    const reports: unknown = JSON.parse(body instanceof Uint8Array ? new TextDecoder().decode(body) : '');
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
