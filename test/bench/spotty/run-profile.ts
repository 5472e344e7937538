/** One profile, lived through by all contenders at once: the same weather, and the same hands on Send. */
import type { Browser } from 'playwright';
import type { Contender } from './contender.ts';
import { goodLine, profileOf, sendingTimes, type Profile } from './profile.ts';
import { Talk, type Result } from './talk.ts';

export interface Run {
  profile: Profile;
  results: Result[];
}

const meanGapMs = { ann: 1_800, bob: 3_000 };
/** After the profile the network is good, and what is not there by then counts as missing. */
const patienceMs = 45_000;

export async function runProfile(
  browser: Browser,
  contenders: readonly Contender[],
  name: string,
  seed: number,
): Promise<Run> {
  const profile = profileOf(name, seed);
  const sendAt = { ann: sendingTimes(seed, meanGapMs.ann), bob: sendingTimes(seed + 1, meanGapMs.bob) };
  const talks: Talk[] = [];
  try {
    for (const contender of contenders) talks.push(await Talk.begin(browser, contender, seed));
    for (const talk of talks) talk.setLine(profile.start);
    const patience = AbortSignal.timeout(profile.durationMs + patienceMs);
    const conducted = conduct(profile, talks);
    const results = await Promise.all(talks.map((talk) => talk.run(sendAt, conducted, patience)));
    return { profile, results };
  } finally {
    for (const talk of talks) await talk.end();
  }
}

async function conduct({ steps, durationMs }: Profile, talks: readonly Talk[]): Promise<void> {
  const began = Date.now();
  const end = { atMs: durationMs, line: goodLine, notices: 'online' } as const;
  for (const step of [...steps, end]) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + step.atMs - Date.now())));
    await Promise.all(talks.map((talk) => talk.take(step)));
  }
}
