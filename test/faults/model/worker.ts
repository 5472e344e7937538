/** One thread of search.ts: plays its share of stories, and shortens the first that fails. */
import { array, asyncProperty, check, nat } from 'fast-check';
import { parentPort, workerData } from 'node:worker_threads';
import { anyAction, type Action } from './actions.ts';
import { play } from './play.ts';
import { storyLength, type Assignment, type Findings } from './search.ts';

const { seed, runs, path } = workerData as Assignment;
const findings: Findings = { runs: 0, actions: 0, composed: 0, accepted: 0, convergedMs: [] };

const stories = array(anyAction(), { minLength: storyLength, maxLength: storyLength });
const property = asyncProperty(nat(), stories, async (chance, story) => {
  const { faults, convergedMs, composed, accepted } = await playSafely(chance, story);
  findings.runs += 1;
  findings.actions += story.length;
  findings.composed += composed;
  findings.accepted += accepted;
  findings.convergedMs.push(convergedMs);
  if (faults.length > 0) throw new Error(faults.join('\n'));
});

const details = await check(property, {
  seed,
  numRuns: path === undefined ? runs : 1,
  endOnFailure: true,
  ...(path === undefined ? {} : { path }),
});
if (details.failed) {
  if (!details.counterexample) throw details.errorInstance;
  const [chance, whole] = details.counterexample;
  const story = await shorten(chance, whole);
  const { faults } = await playSafely(chance, story);
  findings.failure = { seed, path: details.counterexamplePath, faults, story };
}
parentPort!.postMessage(findings);

async function playSafely(chance: number, story: readonly Action[]): ReturnType<typeof play> {
  try {
    return await play(chance, story);
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { faults: [what], convergedMs: 0, composed: 0, accepted: 0, resets: 0 };
  }
}

/** Leaves out whatever it fails without, in ever smaller parts. */
async function shorten(chance: number, whole: readonly Action[]): Promise<Action[]> {
  let story = [...whole];
  for (let size = storyLength >> 2; size >= 1; size >>= 1) {
    for (let at = 0; at < story.length;) {
      const shorter = story.toSpliced(at, size);
      const { faults } = await playSafely(chance, shorter);
      if (faults.length > 0) story = shorter;
      else at += size;
    }
  }
  return story;
}
