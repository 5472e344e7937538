/**
 * What can happen in the universe: what people do, and what goes wrong. Each action is plain data, so that a failure prints
 * as a story that can be played again; `act` makes it happen and tells the checker what its person was told.
 */
import { boolean, constant, constantFrom, integer, nat, oneof, record, type Arbitrary } from 'fast-check';
import type { Checker } from '../../support/checker.ts';
import type { Tab } from '../../support/sim/browser.ts';
import type { Copy } from '../../support/sim/local-data.ts';
import type { RequestFault } from '../../support/sim/network.ts';
import { changeQueue } from './change-queue.ts';
import { browserCount, personCount, tabsPerBrowser, type Universe } from './universe.ts';

const faults: RequestFault[] = [
  'request-lost',
  'answer-lost',
  'answer-lost',
  'answer-cut',
  'doubled',
  'late',
  'portal',
  'bad-gateway',
  'too-busy',
  'bare-404',
];

const browser = nat({ max: browserCount - 1 });
const tab = nat({ max: tabsPerBrowser - 1 });
const person = nat({ max: personCount - 1 });
/** Tasks that run after the action before the next one: the rest happens later. */
const steps = oneof(
  { arbitrary: constant(1_000_000), weight: 3 },
  { arbitrary: nat({ max: 60 }), weight: 2 },
);
const which = nat({ max: 7 });

function action<Kind extends string, More extends Record<string, unknown>>(
  kind: Kind,
  weight: number,
  more: { [Name in keyof More]: Arbitrary<More[Name]> },
) {
  const arbitrary = record({ kind: constant(kind), steps, ...more }) as unknown as Arbitrary<
    { kind: Kind; steps: number } & More
  >;
  return { arbitrary, weight };
}

const actions = [
  action('send', 26, { browser, tab, to: person }),
  action('send-nonsense', 2, { browser, tab, to: person }),
  action('pass', 22, { ms: oneof(nat({ max: 300 }), nat({ max: 3_000 }), nat({ max: 40_000 })) }),
  action('read', 5, { browser, tab, of: person }),
  action('spoil', 10, { browser, fault: constantFrom(...faults), forMessages: boolean() }),
  action('cut-after', 5, { browser, bytes: nat({ max: 1_500 }) }),
  action('cut', 3, { browser }),
  action('down', 3, { browser }),
  action('stall', 2, { browser }),
  action('forget-streams', 1, { browser }),
  action('chop', 1, { browser }),
  action('hold-streams', 1.5, { browser }),
  action('lose-session', 1, { browser, to: nat({ max: personCount }) }),
  action('heal', 7, { browser }),
  action('crash-tab', 5, { browser, tab }),
  action('crash-browser', 3, { browser }),
  action('open-tab', 6, { browser, visible: boolean() }),
  action('show', 2, { browser, tab, visible: boolean() }),
  action('kill-server', 3, {}),
  action('start-server', 5, {}),
  action('rotate-streams', 1, {}),
  action('fill-server', 1, { full: boolean() }),
  action('fill-device', 2, { browser, full: boolean() }),
  action('fail-writes', 3, { browser, count: nat({ max: 3 }) }),
  action('clock-of-device', 1, { browser, ms: integer({ min: -86_400_000, max: 86_400_000 }) }),
  action('clock-of-server', 1, { ms: integer({ min: -3_600_000, max: 3_600_000 }) }),
  action('edit', 3, { browser, tab, which }),
  action('move', 2, { browser, tab, which, up: boolean() }),
  action('delete', 2, { browser, tab, which }),
  action('retry', 2, { browser, tab, which }),
  action('clear-device', 0.6, { browser }),
  action('copy-server', 2, {}),
  action('prune-inboxes', 1, { olderThanMs: oneof(constant(0), nat({ max: 60_000 })) }),
  action('put-back-server', 2, { asNewLife: boolean() }),
];

export type Action = (typeof actions)[number] extends { arbitrary: infer One }
  ? One extends Arbitrary<infer Value>
    ? Value
    : never
  : never;

/** Actions of every kind; without those in `except`. */

export function anyAction(except: readonly string[] = []): Arbitrary<Action> {
  const kinds = actions.map(({ arbitrary, weight }) => ({
    arbitrary: arbitrary as Arbitrary<Action>,
    weight: Math.round(weight * 10),
  }));
  return oneof(...kinds).filter(({ kind }) => !except.includes(kind));
}

/** What one run remembers. */
export interface Run {
  universe: Universe;
  checker: Checker;
  copy: Copy | undefined;
  /** Whose storage was cleared. */
  cleared: Set<number>;
  /** There was reason for the server to say that a cursor is no good. */
  mayReset: boolean;
  clocksJumped: boolean;
  texts: number;
  /** What a message that waits says now, by id, once it was edited. */
  textOf: Map<string, string>;
  /** Ids of what is being deleted. */
  deleting: Set<string>;
}

export async function act(run: Run, one: Action): Promise<void> {
  const { universe } = run;
  const { world } = universe;
  begin(run, one);
  if (one.kind === 'pass') await world.advance(one.ms);
  else await world.settle(one.steps);
}

function begin(run: Run, one: Action): void {
  const { universe, checker } = run;
  const { networks, browsers, world } = universe;
  switch (one.kind) {
    case 'pass':
      return;
    case 'send':
      return send(run, one.browser, one.tab, one.to, '');
    case 'send-nonsense':
      return send(run, one.browser, one.tab, one.to, '\0');
    case 'read': {
      const reader = tabOf(run, one);
      const peer = universe.people[one.of]!;
      if (reader) void reader.run(() => readAll(reader, peer.id)).catch(tolerate);
      return;
    }
    case 'spoil':
      return networks[one.browser]!.spoilNext(one.fault, one.forMessages);
    case 'cut-after':
      networks[one.browser]!.cutAfterBytes = one.bytes;
      return;
    case 'cut':
      return networks[one.browser]!.cut();
    case 'down':
      return networks[one.browser]!.down();
    case 'stall':
      return networks[one.browser]!.stall();
    case 'forget-streams':
      return networks[one.browser]!.forgetStreams();
    case 'chop':
      networks[one.browser]!.isChoppy = true;
      return;
    case 'hold-streams':
      networks[one.browser]!.holdsStreams = true;
      return;
    case 'lose-session':
      // Lost, or somebody else's, to whom one's own cursor is no good.
      run.mayReset = true;
      return networks[one.browser]!.changeSession(universe.people[one.to]?.nick ?? '');
    case 'heal':
      return universe.heal(one.browser);
    case 'crash-tab':
      return tabOf(run, one)?.kill();
    case 'crash-browser':
      return browsers[one.browser]!.crash();
    case 'open-tab':
      return void universe.openTab(one.browser, one.visible);
    case 'show':
      return tabOf(run, one)?.show(one.visible);
    case 'kill-server':
      return universe.killServer();
    case 'start-server':
      return universe.startServer();
    case 'rotate-streams':
      return universe.server?.rotate();
    case 'fill-server':
      universe.data.isFull = one.full;
      return;
    case 'fill-device':
      browsers[one.browser]!.isFull = one.full;
      return;
    case 'fail-writes':
      browsers[one.browser]!.failingWrites = one.count;
      return;
    case 'clock-of-device':
      browsers[one.browser]!.clockAheadMs = one.ms;
      run.clocksJumped = true;
      return;
    case 'clock-of-server':
      if (universe.server) universe.server.clockAheadMs = one.ms;
      return;
    case 'edit':
    case 'move':
    case 'delete':
    case 'retry':
      return void changeQueue(run, tabOf(run, one), one).catch(tolerate);
    case 'clear-device': {
      checker.forget((lane) => lane.startsWith(`${one.browser}:`), textsOnServer(universe));
      run.cleared.add(one.browser);
      browsers[one.browser]!.clearStorage();
      return;
    }
    case 'prune-inboxes': {
      const eventsBefore = new Date(world.now - one.olderThanMs).toISOString();
      universe.data.prune({ eventsBefore });
      run.mayReset = true;
      return;
    }
    case 'copy-server':
      run.copy = universe.data.copy();
      return;
    case 'put-back-server':
      if (!run.copy) return;
      universe.killServer();
      {
        const before = textsOnServer(universe);
        universe.data.putBack(run.copy, one.asNewLife);
        // Whose storage was cleared may hold nothing any more of what they sent.
        const cleared = [...run.cleared].map((index) => browsers[index]!.me.id);
        const waiting = new Set(browsers.flatMap((each) => each.peekWaiting()));
        checker.wentBack(before, textsOnServer(universe), {
          isHeldByNobody: (lane) => cleared.includes(browsers[Number(lane[0])]!.me.id),
          // Its device does not know that the server had it, and sends it on as before.
          isWaiting: (text) => waiting.has(text),
        });
      }
      run.mayReset = true;
      universe.startServer();
  }
}

function textsOnServer(universe: Universe): Set<string> {
  return new Set([...universe.onServer().values()].flat().map(({ text }) => text));
}

/** What fails for want of room, or because a tab died, was promised to nobody. */
function tolerate(): void {}

function tabOf(
  { universe }: Run,
  { browser: index, tab: place }: { browser: number; tab: number },
): Tab | undefined {
  const { tabs } = universe.browsers[index]!;
  return tabs[place % Math.max(1, tabs.length)];
}

function send(run: Run, index: number, place: number, to: number, prefix: string): void {
  const { universe, checker } = run;
  const sender = tabOf(run, { browser: index, tab: place });
  if (!sender) return;
  const peer = universe.people[to]!;
  const text = `${prefix}${universe.browsers[index]!.me.nick}${index}→${peer.nick} ${(run.texts += 1)}`;
  checker.begin(`${index}:${peer.nick}`, text, prefix === '');
  void sender
    .run(() => sender.chat.send({ id: peer.id, nick: peer.nick }, text))
    .then((outcome) => {
      if (outcome.kind === 'not-stored') return checker.setFate(text, 'gone');
      checker.keep(text);
    });
}

async function readAll(reader: Tab, peerId: string): Promise<void> {
  const { messages } = await reader.readThread(peerId, 10);
  const last = messages.findLast(({ seq }) => seq !== undefined);
  if (last) await reader.chat.seen(peerId, last.seq!);
}
