/**
 * Ten devices of five people on real sockets: they write, read, and are reopened from time to time, whatever the network
 * does; and what the server has on disk, read beside it.
 */
import { Checker, type DeviceView, type Seen } from '../../support/checker.ts';
import { askDisk, messagesOnDisk } from '../../support/messages-on-disk.ts';
import { ApiPerson } from '../../support/person.ts';
import { Browser, type Tab } from '../../support/sim/browser.ts';
import { pageModules, type PageModules } from '../../support/sim/module-graphs.ts';
import { realSurroundings, wayOverHttp } from '../../support/sim/real-surroundings.ts';

const nicks = ['ann', 'bob', 'carol', 'dave', 'eve'];
const devicesPerPerson = 2;

interface Device {
  browser: Browser;
  modules: PageModules;
}

export class Crowd {
  readonly checker = new Checker();
  readonly devices: Device[];
  readonly people: ApiPerson[];
  readonly #dataDir: string;
  #texts = 0;

  private constructor(devices: Device[], people: ApiPerson[], dataDir: string) {
    this.devices = devices;
    this.people = people;
    this.#dataDir = dataDir;
  }

  /** Signs in at the server itself; from then on everything goes by `proxyUrl`. */
  static async gather(serverUrl: string, proxyUrl: string, dataDir: string): Promise<Crowd> {
    const people = await Promise.all(nicks.map((nick) => ApiPerson.signIn(serverUrl, nick)));
    const owners = people.flatMap((person) => Array.from({ length: devicesPerPerson }, () => person));
    const devices = await Promise.all(
      owners.map(async ({ me, cookie }, index) => ({
        browser: new Browser(me, realSurroundings, wayOverHttp(proxyUrl, cookie)),
        modules: await pageModules(index),
      })),
    );
    for (const { browser, modules } of devices) browser.openTab(modules);
    return new Crowd(devices, people, dataDir);
  }

  tab(index: number): Tab {
    return this.devices[index]!.browser.tabs[0]!;
  }

  async write(index: number, to: number): Promise<void> {
    const peer = this.people[to]!.me;
    const text = `${index}→${peer.nick} ${(this.#texts += 1)}`;
    this.checker.begin(`${index}:${peer.nick}`, text);
    const tab = this.tab(index);
    const outcome = await tab.run(() => tab.chat.send({ id: peer.id, nick: peer.nick }, text));
    if (outcome.kind === 'queued') this.checker.keep(text);
  }

  async read(index: number, of: number): Promise<void> {
    const peerId = this.people[of]!.me.id;
    const tab = this.tab(index);
    const { messages } = await tab.run(() => tab.readThread(peerId, 10));
    const last = messages.findLast(({ seq }) => seq !== undefined)?.seq;
    if (last !== undefined) await tab.run(() => tab.chat.seen(peerId, last));
  }

  /** The browser is killed and started again. */
  reopen(index: number): void {
    const { browser, modules } = this.devices[index]!;
    browser.crash();
    browser.openTab(modules);
  }

  online(): void {
    for (const index of this.devices.keys()) this.tab(index).online();
  }

  /** Whether nothing waits on the device, and it has all of its inbox. */
  async isLevel(index: number): Promise<boolean> {
    const tab = this.tab(index);
    const { waiting, cursor } = await tab.run(() =>
      tab.engine.db.read(['outbox', 'meta'], async (tx) => ({
        waiting: await tx.objectStore('outbox').count(),
        cursor: await tx.objectStore('meta').get('cursor'),
      })),
    );
    if (waiting > 0) return false;
    const [head] = askDisk(
      this.#dataDir,
      `SELECT e.epoch || '.' || p.head || '.' || coalesce(i.tag, p.first_tag) AS id FROM life e, person p
       LEFT JOIN inbox i ON i.person = p.n AND i.position = p.head WHERE p.id = ?`,
      tab.browser.me.id,
    );
    return head?.['id'] === cursor;
  }

  /** Whether news comes in again as it happens. */
  async isConnected(index: number): Promise<boolean> {
    const tab = this.tab(index);
    return tab.run(() => tab.chat.connection.name === 'live');
  }

  /** What a device finds when it compares itself with the server; empty if all is the same. */
  async differences(index: number): Promise<string[]> {
    const tab = this.tab(index);
    const found: string[] = [];
    for (const { me: peer } of this.people) {
      const outcome = await tab.run(() => tab.chat.check({ id: peer.id, nick: peer.nick }));
      if (outcome.kind === 'same' && !outcome.isMended) continue;
      found.push(`digest: ${tab.browser.me.nick}${index} with ${peer.nick}: ${JSON.stringify(outcome)}`);
    }
    return found;
  }

  onServer(): Map<string, Seen[]> {
    return messagesOnDisk(this.#dataDir);
  }

  async view(index: number): Promise<DeviceView> {
    const tab = this.tab(index);
    const { me } = tab.browser;
    const threads = new Map<string, Seen[]>();
    for (const { me: peer } of this.people) {
      const { messages } = await tab.run(() => tab.readThread(peer.id, 100_000));
      const settled = messages.filter((row) => row.seq !== undefined) as (Seen & { seq: number })[];
      if (settled.length > 0) threads.set([me.nick, peer.nick].toSorted().join('-'), settled);
    }
    const waiting = await tab.run(() =>
      tab.engine.db.read(['outbox'], (tx) => tx.objectStore('outbox').getAll()),
    );
    return { name: `${me.nick}${index}`, threads, waiting };
  }

  leave(): void {
    for (const { browser } of this.devices) browser.crash();
  }
}
