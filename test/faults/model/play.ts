/**
 * Plays a story in a new universe, ends every fault, and judges: every promise of the protocol that can be seen from
 * outside must hold then, whatever happened before.
 */
import { Checker, faultsOf, type DeviceView } from '../../support/checker.ts';
import { act, type Action, type Run } from './actions.ts';
import { browserCount, Universe } from './universe.ts';

/** After the last fault everything is settled within this time of the world. */
const longestMs = 150_000;
/** A server may have asked to be left alone for ten minutes, before a clock was put back. */
const longestWithClocksMs = 700_000;
const lookEveryMs = 1_000;

export interface Played {
  faults: string[];
  /** How long after the last fault nothing waited any more, in ms. */
  convergedMs: number;
  composed: number;
  accepted: number;
  resets: number;
}

export async function play(seed: number, story: readonly Action[]): Promise<Played> {
  const universe = await Universe.create(seed);
  const run: Run = {
    universe,
    checker: new Checker(),
    copy: undefined,
    cleared: new Set(),
    mayReset: false,
    clocksJumped: false,
    texts: 0,
    textOf: new Map(),
    deleting: new Set(),
  };
  try {
    for (const one of story) await act(run, one);
    endFaults(run);
    const convergedMs = await converge(run);
    const faults = await judge(run);
    if (convergedMs === undefined) faults.unshift('it does not come to rest');
    return {
      faults,
      convergedMs: convergedMs ?? Infinity,
      composed: run.checker.composed,
      accepted: [...universe.onServer().values()].flat().length,
      resets: universe.resets.length,
    };
  } finally {
    universe.end();
    await universe.world.settle();
  }
}

function endFaults({ universe }: Run): void {
  universe.data.isFull = false;
  universe.startServer();
  universe.browsers.forEach((browser, index) => {
    browser.isFull = false;
    browser.failingWrites = 0;
    universe.heal(index);
    if (browser.tabs.length === 0) universe.openTab(index);
  });
}

/** Lets time pass until every queue is empty and every device has all of its inbox; undefined if that never comes. */
async function converge(run: Run): Promise<number | undefined> {
  const { world } = run.universe;
  const began = world.now;
  const limitMs = run.clocksJumped ? longestWithClocksMs : longestMs;
  while (world.now - began < limitMs) {
    await world.advance(lookEveryMs);
    if (await isAtRest(run)) {
      const convergedMs = world.now - began;
      // Receipts may still be on their way, and what is forbidden may still come.
      await world.advance(40_000);
      return convergedMs;
    }
  }
  return undefined;
}

async function isAtRest({ universe }: Run): Promise<boolean> {
  for (const browser of universe.browsers) {
    const tab = browser.tabs[0]!;
    const { queued, cursor } = await universe.during(
      tab.run(() =>
        tab.engine.db.read(['outbox', 'meta'], async (tx) => ({
          queued: (await tx.objectStore('outbox').getAll()).filter(({ status }) => status === 'queued'),
          cursor: await tx.objectStore('meta').get('cursor'),
        })),
      ),
    );
    if (queued.length > 0 || cursor !== universe.data.read('head', browser.me.id)) return false;
  }
  return true;
}

async function judge(run: Run): Promise<string[]> {
  const { universe, checker } = run;
  const views: DeviceView[] = [];
  for (let index = 0; index < browserCount; index += 1) views.push(await universe.view(index));
  const faults = faultsOf(checker.compare(universe.onServer(), views));
  for (let index = 0; index < browserCount; index += 1) {
    faults.push(...(await offFromSnapshot(run, index)), ...(await offFromDigest(run, index)));
  }
  if (!run.mayReset && universe.resets.length > 0)
    faults.push(`reset without need: ${universe.resets.join()}`);
  return faults;
}

/** The law: a snapshot and the events after it are a fresh snapshot. */
async function offFromSnapshot({ universe }: Run, index: number): Promise<string[]> {
  const browser = universe.browsers[index]!;
  const tab = browser.tabs[0]!;
  const rows = await universe.during(
    tab.run(() => tab.engine.db.read(['conversations'], (tx) => tx.objectStore('conversations').getAll())),
  );
  const { conversations } = universe.data.read('snapshot', browser.me.id);
  return conversations.flatMap((fresh) => {
    const row = rows.find(({ peerId }) => peerId === fresh.withId);
    const isNotes = fresh.withId === browser.me.id;
    const expected = {
      lastSeq: fresh.lastSeq,
      unread: fresh.unread,
      // How far one's own devices received is told to nobody of them; of notes there are no receipts.
      ...(isNotes ? {} : { read: fresh.mine.read, theirs: fresh.theirs }),
    };
    const found = row && {
      lastSeq: row.lastSeq,
      unread: row.unread,
      ...(isNotes ? {} : { read: row.mine.read, theirs: row.theirs }),
    };
    const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
    return is === should
      ? []
      : [`off the snapshot: ${browser.me.nick}${index} with ${fresh.with}: ${is}, not ${should}`];
  });
}

/** What a device finds when it compares by itself, all history having been fetched. */
async function offFromDigest({ universe }: Run, index: number): Promise<string[]> {
  const { me, tabs } = universe.browsers[index]!;
  const tab = tabs[0]!;
  const faults: string[] = [];
  for (const { id, nick } of universe.people) {
    const outcome = await universe.during(tab.run(() => tab.chat.check({ id, nick })));
    if (outcome.kind !== 'same' || outcome.isMended) {
      faults.push(`off the digest: ${me.nick}${index} with ${nick}: ${JSON.stringify(outcome)}`);
    }
  }
  return faults;
}
