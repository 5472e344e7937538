/**
 * A small universe for the model: three people, four browsers (one person has two), one server, and a network for each.
 * What is kept from run to run is only what is dear to make: the prepared database and the modules of the tabs.
 */
import type { Message, Person } from '../../../server/protocol/requests.ts';
import { Browser, type Surroundings, type Tab } from '../../support/sim/browser.ts';
import type { DeviceView, Seen } from '../../support/checker.ts';
import { LocalData, type Copy } from '../../support/sim/local-data.ts';
import { LocalServer } from '../../support/sim/local-server.ts';
import { pageModules, type PageModules } from '../../support/sim/module-graphs.ts';
import { Network } from '../../support/sim/network.ts';
import { World } from '../../support/sim/world.ts';

const nicks = ['ann', 'bob', 'carol'] as const;
/** Whose browser it is. */
const owners = [0, 0, 1, 2];
export const tabsPerBrowser = 2;
export const browserCount = owners.length;
export const personCount = nicks.length;

interface Stage {
  data: LocalData;
  people: Person[];
  beginning: Copy;
  modules: PageModules[];
}

let stage: Promise<Stage> | undefined;

function prepare(): Promise<Stage> {
  stage ??= (async () => {
    const data = new LocalData();
    const people = nicks.map((nick): Person => {
      const [answer] = data.write([{ name: 'signIn', parameters: [{ nick, tokenHash: nick, at: '' }] }]);
      const { me } = (answer as { value: { me: Omit<Person, 'online'> } }).value;
      return { ...me, online: true };
    });
    const slots = Array.from({ length: browserCount * tabsPerBrowser }, (_, slot) => pageModules(slot));
    return { data, people, beginning: data.copy(), modules: await Promise.all(slots) };
  })();
  return stage;
}

export class Universe {
  readonly world: World;
  readonly data: LocalData;
  readonly people: Person[];
  readonly browsers: Browser[];
  readonly networks: Network[];
  server: LocalServer | undefined;
  /** Of every server there was. */
  readonly resets: string[] = [];
  readonly #modules: PageModules[];

  private constructor(seed: number, { data, people, beginning, modules }: Stage) {
    this.world = new World(seed);
    this.data = data;
    this.people = people;
    this.#modules = modules;
    data.isFull = false;
    data.putBack(beginning);
    this.startServer();
    const around = surroundings(this.world);
    this.networks = owners.map((owner) => new Network(this.world, people[owner]!.nick, () => this.server));
    this.browsers = owners.map((owner, index) => new Browser(people[owner]!, around, this.networks[index]!));
  }

  static async create(seed: number): Promise<Universe> {
    const universe = new Universe(seed, await prepare());
    for (let browser = 0; browser < browserCount; browser += 1) universe.openTab(browser);
    await universe.world.settle();
    return universe;
  }

  /** Opens a tab if there is a place for one. */
  openTab(index: number, isVisible = true): Tab | undefined {
    const browser = this.browsers[index]!;
    const slots = Array.from({ length: tabsPerBrowser }, (_, tab) => index * tabsPerBrowser + tab);
    const free = slots.find((slot) => browser.tabs.every(({ modules }) => modules !== this.#modules[slot]));
    return free === undefined ? undefined : browser.openTab(this.#modules[free]!, isVisible);
  }

  /** Ends what is wrong with the network of a browser, as its pages learn of it. */
  heal(index: number): void {
    const browser = this.browsers[index]!;
    const what = this.networks[index]!.heal();
    if (what === 'network') for (const tab of browser.tabs) tab.online();
    if (what !== 'session' || browser.tabs.length === 0) return;
    // Whoever signs in again gets a new page.
    browser.crash();
    this.openTab(index);
  }

  startServer(): void {
    if (this.server) return;
    this.server = new LocalServer(this.world, this.data, this.resets);
  }

  /** As with kill -9: what is not committed is gone, and every connection with it. */
  killServer(): void {
    if (!this.server) return;
    this.server.isAlive = false;
    this.server = undefined;
    for (const network of this.networks) network.cut();
  }

  /** Waits for what needs the world to move. */
  async during<T>(work: Promise<T>): Promise<T> {
    const [result] = await Promise.all([work, this.world.settle()]);
    return result;
  }

  end(): void {
    for (const browser of this.browsers) browser.crash();
    this.killServer();
  }

  /** What the server has, by the two nicks of a conversation. */
  onServer(): Map<string, Seen[]> {
    const rows = this.data.all(`
      SELECT m.seq, f.id AS fromId, m.id, m.text, a.nick || '-' || b.nick AS name
      FROM message m JOIN person f ON f.n = m.sender JOIN conversation c ON c.n = m.conversation
      JOIN person a ON a.n = c.a JOIN person b ON b.n = c.b ORDER BY c.n, m.seq`);
    const seen = rows as unknown as (Seen & { name: string })[];
    return Map.groupBy(seen, ({ name }) => name);
  }

  /** What a browser shows, with all history fetched first. */
  async view(index: number): Promise<DeviceView> {
    const { me, tabs } = this.browsers[index]!;
    const tab = tabs[0]!;
    const threads = new Map<string, Seen[]>();
    for (const peer of this.people) {
      const name = [me.nick, peer.nick].toSorted().join('-');
      const rows = await this.#thread(tab, peer);
      if (rows.length > 0) threads.set(name, rows);
    }
    const waiting = await this.during(
      tab.run(() => tab.engine.db.read(['outbox'], (tx) => tx.objectStore('outbox').getAll())),
    );
    return { name: `${me.nick}${index}`, threads, waiting };
  }

  async #thread(tab: Tab, peer: Person): Promise<Seen[]> {
    for (let round = 0; ; round += 1) {
      const { messages, older } = await this.during(tab.run(() => tab.readThread(peer.id, 1_000)));
      const settled = messages.filter((row) => row.seq !== undefined) as (Message & { seq: number })[];
      if (older !== 'on-server' || round === 20) return settled;
      const before = settled[0]?.seq ?? Number.MAX_SAFE_INTEGER;
      await this.during(tab.run(() => tab.chat.loadOlder({ id: peer.id, nick: peer.nick }, before)));
    }
  }
}

function surroundings(world: World): Surroundings {
  return {
    now: () => world.now,
    random: world.random,
    ownsDatabase: true,
    enqueue: (actor, run) => world.enqueue(actor, run),
    setTimer: (actor, ms, run) => world.setTimer(actor, ms, run),
    clearTimer: (timer) => world.clearTimer(timer as number),
  };
}
