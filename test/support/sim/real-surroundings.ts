/**
 * Simulated browsers in the real world: real time, and a real server over HTTP. Several live in one process, each with its
 * own database, locks, session and sockets; what is still simulated is only the browser around the page's code.
 */
import type { Surroundings, Tab, Way } from './browser.ts';
import type { StreamHandlers } from './event-source.ts';
import { real } from './real-globals.ts';
import { runOutside } from './scoped-globals.ts';

export const realSurroundings: Surroundings = {
  now: () => real.Date.now(),
  random: () => real.random(),
  ownsDatabase: false,
  enqueue(actor, run) {
    real.setImmediate(() => {
      if (actor.isAlive) run();
    });
  },
  setTimer: (actor, ms, run) =>
    real.setTimeout(() => {
      if (actor.isAlive) run();
    }, ms),
  clearTimer: (timer) => real.clearTimeout(timer as NodeJS.Timeout),
};

/** The way of one browser to the server at `baseUrl`, with its session. */
export function wayOverHttp(baseUrl: string, cookie: string): Way {
  return {
    async request(tab: Tab, path: string, init: RequestInit = {}) {
      const headers = { ...(init.headers as Record<string, string> | undefined), Cookie: cookie };
      const response = await runOutside(() => real.fetch(baseUrl + path, { ...init, headers }));
      return tab.isAlive ? response : new Promise<Response>(() => undefined);
    },
    openStream(tab, path, lastEventId, handlers) {
      const closing = new AbortController();
      const headers = {
        Accept: 'text/event-stream',
        Cookie: cookie,
        ...(lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId }),
      };
      const say = (run: () => void) => {
        if (!closing.signal.aborted && tab.isAlive) tab.run(run);
      };
      void runOutside(() => follow(`${baseUrl}${path}`, headers, closing.signal, handlers, say));
      return () => closing.abort();
    },
  };
}

async function follow(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  { onHead, onBytes, onEnd }: StreamHandlers,
  say: (run: () => void) => void,
): Promise<void> {
  try {
    const response = await real.fetch(url, { headers, signal });
    say(() => onHead(response.status, response.headers.get('Content-Type') ?? ''));
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      const { value } = part;
      say(() => onBytes(value));
    }
  } catch {
    // Cut, or closed by the page: to an EventSource it is the end either way.
  }
  say(onEnd);
}
