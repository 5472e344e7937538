/**
 * One way, lived through: the real app in a real browser reads what a person on the server's side writes, in bursts with
 * silences between, while everything on the wire is noted.
 */
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { expect } from 'playwright/test';
import { Phone } from '../../e2e/phone.ts';
import { ApiPerson } from '../../support/person.ts';
import { startTestServer } from '../../support/start-test-server.ts';
import { seenTexts, textsNow, watchTexts } from '../watch-texts.ts';
import { cutsOf, livesOf, type Cut, type Life } from './lives.ts';
import { startStreamMeter } from './stream-meter.ts';
import type { Case } from './ways.ts';

export interface Outcome {
  name: string;
  what: string;
  heartbeatMs: number;
  /** Since the page was there; all times of `lives` count from it. */
  tookMs: number;
  lives: Life[];
  cuts: Cut[];
  /** Long polls, where streams do not come through. */
  polls: number;
  sent: number;
  lost: number;
  twice: number;
  /** From the sender's hand to the page's text, in ms, one a message, in order of sending. */
  delays: number[];
}

const pageFolder = path.join(import.meta.dirname, '../../../dist');
const talkMs = 5_000;
const everyMs = 400;
const lookEveryMs = 20;
/** What is not there this long after the last message is lost. */
const patienceMs = 60_000;

export async function runCase(
  browser: Browser,
  { name, what, rhythm, start }: Case,
  forMs: number,
): Promise<Outcome> {
  const { heartbeatMs, streamLifetimeMs, silenceMs } = rhythm;
  const server = await startTestServer({ pageFolder, heartbeatMs, streamLifetimeMs });
  const way = await start(server.port);
  const meter = await startStreamMeter(way.port);
  const writer = await ApiPerson.signIn(server.url, 'writer');
  const phone = await Phone.take(browser, Number(new URL(meter.url).port));
  try {
    await phone.signIn('reader');
    await phone.select('writer');
    await watchTexts(phone.page, lookEveryMs);
    const began = Date.now();
    const sentAt = await talk(writer, silenceMs, began + forMs);
    await expect
      .poll(async () => (await seenTexts(phone.page)).size, { timeout: patienceMs })
      .toBe(sentAt.size)
      .catch(() => undefined); // what is lost is counted below
    const now = Date.now();
    const seen = await seenTexts(phone.page);
    const shown = await textsNow(phone.page);
    const lives = livesOf(meter.exchanges, way.forgotten, now);
    const since = (at: number) => at - began;
    return {
      name,
      what,
      heartbeatMs,
      tookMs: since(now),
      lives: lives.map((life) => ({
        ...life,
        startedAt: since(life.startedAt),
        endedAt: since(life.endedAt),
      })),
      cuts: cutsOf(meter.exchanges, lives),
      polls: meter.exchanges.filter(({ path: asked }) => asked.includes('wait=')).length,
      sent: sentAt.size,
      lost: [...sentAt.keys()].filter((text) => !seen.has(text)).length,
      twice: shown.length - new Set(shown).size,
      delays: [...sentAt].flatMap(([text, at]) => (seen.has(text) ? [seen.get(text)! - at] : [])),
    };
  } finally {
    await phone.putAway();
    await meter.close();
    await way.close();
    await server.remove();
  }
}

/** Text → when it was sent. */
async function talk(writer: ApiPerson, silenceMs: number, until: number): Promise<Map<string, number>> {
  const sentAt = new Map<string, number>();
  while (Date.now() < until) {
    for (const end = Math.min(until, Date.now() + talkMs); Date.now() < end; await wait(everyMs)) {
      const text = `message ${sentAt.size + 1}`;
      sentAt.set(text, Date.now());
      await writer.send(writer.draft('reader', text));
    }
    await wait(Math.max(0, Math.min(silenceMs, until - Date.now())));
  }
  return sentAt;
}
