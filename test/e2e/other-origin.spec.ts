/**
 * Pages of others in the same browser: one of another port of this host, which the browser takes for the same site and gives
 * ann's cookie to, and one of another site. Neither does anything in her name, hears anything, or reads anything.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
let server: TestServer;
let ann: Phone;
let elsewhere: http.Server;

interface Answer {
  what: string;
  status: number;
  hasCookie: boolean;
}

/** What the server, which runs in this process, has answered: a page of others is not shown it, and Playwright not all. */
const answers: Answer[] = [];

function note(message: unknown): void {
  const { request, response } = message as { request: http.IncomingMessage; response: http.ServerResponse };
  const { pathname } = new URL(request.url!, 'http://here');
  // What ann's own page asks, also while it is being closed, is not of this; the browser says whose a request is.
  if (!pathname.startsWith('/api/') || request.headers['sec-fetch-site'] === 'same-origin') return;
  const hasCookie = /(^|; )ot=/.test(request.headers.cookie ?? '');
  answers.push({ what: `${request.method} ${pathname}`, status: response.statusCode, hasCookie });
}

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 1_000 });
  elsewhere = http.createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>elsewhere</title>');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, resolve));
  subscribe('http.server.response.finish', note);
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
});

test.afterEach(async () => {
  unsubscribe('http.server.response.finish', note);
  await ann.putAway();
  elsewhere.close();
  await server.remove();
});

/** All ways of a page to ask another origin with its cookies; what came of each. */
function attack(page: Page, app: string): Promise<Record<string, unknown>> {
  return page.evaluate(async (url) => {
    const body = JSON.stringify({
      messages: [{ id: crypto.randomUUID(), to: 'ann', text: 'forged', composedAt: '2026-01-01T00:00:00Z' }],
    });
    const outcome = (promise: Promise<unknown>) =>
      promise.then(String, (error: unknown) => (error as Error).name);
    const within = { credentials: 'include' } as const;
    const loaded = (element: HTMLElement, attributes: Record<string, string>) =>
      new Promise<string>((resolve) => {
        element.addEventListener('load', () => resolve('load'));
        element.addEventListener('error', () => resolve('error'));
        Object.assign(element, attributes);
        document.body.append(element);
      });
    const submit = (action: string) => {
      const frame = document.createElement('iframe');
      frame.name = `frame${Math.random()}`;
      const form = document.createElement('form');
      Object.assign(form, { action, method: 'post', enctype: 'text/plain', target: frame.name });
      const field = document.createElement('textarea');
      Object.assign(field, { name: body.slice(0, -2), value: '"}' });
      form.append(field);
      document.body.append(frame, form);
      return new Promise<string>((resolve) => {
        frame.addEventListener('load', () => resolve('load'));
        form.submit();
      });
    };
    return {
      text: await outcome(
        fetch(`${url}/api/messages`, { ...within, method: 'POST', mode: 'no-cors', body }).then(
          ({ type }) => type,
        ),
      ),
      json: await outcome(
        fetch(`${url}/api/messages`, {
          ...within,
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
        }),
      ),
      read: await outcome(fetch(`${url}/api/sync`, within)),
      form: await submit(`${url}/api/messages`),
      signOut: await outcome(fetch(`${url}/api/session`, { ...within, method: 'DELETE' })),
      stream: await new Promise((resolve) => {
        const source = new EventSource(`${url}/api/events`, { withCredentials: true });
        source.addEventListener('ack', () => resolve('ack'));
        source.addEventListener('error', () => resolve(source.readyState === EventSource.CLOSED && 'closed'));
      }),
      script: await loaded(document.createElement('script'), { src: `${url}/api/sync` }),
      picture: await loaded(document.createElement('img'), { src: `${url}/icons/icon-192.png` }),
    };
  }, app);
}

for (const [name, host] of [
  ['another port of this host', 'localhost'],
  ['another site', '127.0.0.1'],
] as const) {
  test(`a page of ${name} does nothing in one’s name, and hears nothing`, async () => {
    const { url } = ann.network;
    const page = await ann.context.newPage();
    await page.goto(`http://${host}:${(elsewhere.address() as AddressInfo).port}/`);
    await ann.closeApp();
    answers.length = 0;
    const came = await attack(page, url);
    expect(came).toMatchObject({
      json: 'TypeError',
      read: 'TypeError',
      signOut: 'TypeError',
      stream: 'closed',
      script: 'error',
      picture: 'error',
    });
    const isGuarded = ({ what }: Answer) => !what.startsWith('GET') || what.endsWith('/events');
    const guarded = answers.filter(isGuarded);
    const asked = new Set(guarded.map(({ what }) => what));
    for (const what of [
      'POST /api/messages',
      'OPTIONS /api/messages',
      'OPTIONS /api/session',
      'GET /api/events',
    ]) {
      expect(asked).toContain(what);
    }
    expect(guarded.filter(({ status }) => status !== 403)).toEqual([]);
    // Else this would show nothing: the cookie does come along from a sibling.
    expect(guarded.some(({ hasCookie }) => hasCookie)).toBe(host === 'localhost');

    await ann.openApp();
    await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
    const messages = await ann.page.evaluate(async () => {
      const response = await fetch('/api/messages?with=ann');
      return { status: response.status, text: await response.text() };
    });
    expect(messages.status).toBe(200);
    expect(messages.text).not.toContain('forged');
  });
}

test('the page may use of the device what it needs and nothing else', async () => {
  const warnings: string[] = [];
  ann.page.on('console', (message) => {
    if (/permissions.?policy|unrecognized/i.test(message.text())) warnings.push(message.text());
  });
  await ann.page.reload();
  const allowed = await ann.page.evaluate(() => {
    const { featurePolicy } = document as unknown as { featurePolicy: { allowedFeatures(): string[] } };
    return featurePolicy.allowedFeatures();
  });
  for (const feature of [
    'camera',
    'microphone',
    'geolocation',
    'usb',
    'payment',
    'clipboard-read',
    'fullscreen',
  ]) {
    expect(allowed).not.toContain(feature);
  }
  expect(allowed).toContain('clipboard-write');
  expect(warnings).toEqual([]);
});
