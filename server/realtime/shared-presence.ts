/**
 * Who is online on any of several nodes. Each node has its own people on a board, tells the others who comes and who
 * leaves, and holds the union in memory, so that asking costs no way.
 *
 * A node's people are online elsewhere for as long as it is heard (a lease that each of its hellos renews), so the people
 * of a dead node go, and a node that hears nobody shows its own people only. Each change has a number; who missed one
 * asks for everybody, so it comes right by itself after any cut, and nothing about it is stored anywhere.
 */
import type { NodeMessage } from '../bus/node-message.ts';
import { PresenceBoard, type Presence, type PresenceBoardFace, type PresenceChange } from './presence.ts';
import { Tally } from './tally.ts';

/** Longer than a link needs to come back, and as long as the grace of a person. */
const usualLeaseMs = 10_000;
/** A thousand who come at once are one message. */
const gatheredMs = 100;

export interface SharedPresenceOptions {
  graceMs?: number;
  now: () => Date;
  /** `isOurs` where this node has to note it: of those who left elsewhere, their node does. */
  onChange: (change: PresenceChange & { isOurs: boolean }) => void;
  tell: (message: NodeMessage) => void;
  leaseMs?: number;
}

interface OtherNode {
  /** Of the last change that is in `people`; undefined before everybody was told. */
  version: number | undefined;
  people: Set<string>;
  heardAt: number;
}

export class SharedPresence implements PresenceBoardFace {
  readonly #board: PresenceBoard;
  readonly #options: SharedPresenceOptions;
  readonly #nodes = new Map<string, OtherNode>();
  /** On how many other nodes they are. */
  readonly #elsewhere = new Tally();
  /** Of those who left another node last. */
  readonly #lastSeen = new Map<string, string>();
  readonly #leaseTimer: NodeJS.Timeout;
  #version = 0;
  /** Who came to or left this node and was not told yet. */
  #moved = new Map<string, PresenceChange>();
  #tellTimer: NodeJS.Timeout | undefined;
  #everybodyTimer: NodeJS.Timeout | undefined;

  constructor(options: SharedPresenceOptions) {
    this.#options = options;
    const { graceMs, now, leaseMs = usualLeaseMs } = options;
    this.#board = new PresenceBoard({
      now,
      ...(graceMs === undefined ? {} : { graceMs }),
      onChange: (change) => this.#onOwnChange(change),
    });
    this.#leaseTimer = setInterval(() => this.#endLeases(), leaseMs / 10);
    this.#leaseTimer.unref();
  }

  isOnline(personId: string): boolean {
    return this.#board.isOnline(personId) || this.#elsewhere.of(personId) > 0;
  }

  lastSeen(personId: string): string | undefined {
    const here = this.#board.lastSeen(personId);
    const there = this.#lastSeen.get(personId);
    return here !== undefined && there !== undefined && here < there ? there : (here ?? there);
  }

  enter(personId: string): Presence {
    return this.#board.enter(personId);
  }

  leave(presence: Presence): void {
    this.#board.leave(presence);
  }

  drop(personId: string): void {
    this.#board.drop(personId);
    this.#options.tell({ kind: 'gone', personId });
  }

  /** Everybody who is on this node alone: those elsewhere are not seen for the last time when it ends. */
  everybody(): string[] {
    return this.#board.everybody().filter((personId) => this.#elsewhere.of(personId) === 0);
  }

  close(): void {
    clearInterval(this.#leaseTimer);
    clearTimeout(this.#tellTimer);
    clearTimeout(this.#everybodyTimer);
    this.#board.close();
  }

  hello(): NodeMessage {
    return { kind: 'hello', version: this.#version };
  }

  /** Another node has told this. */
  hear(
    from: string,
    message: Extract<NodeMessage, { kind: 'hello' | 'moved' | 'everybody' | 'gone' }>,
  ): void {
    if (message.kind === 'gone') return this.#board.drop(message.personId);
    const node = this.#nodes.get(from) ?? { version: undefined, people: new Set(), heardAt: 0 };
    this.#nodes.set(from, node);
    node.heardAt = performance.now();
    switch (message.kind) {
      case 'hello':
        if (node.version !== message.version) this.#options.tell({ kind: 'ask', nodes: [from] });
        return;
      case 'moved':
        // One that was missed shows at the next hello.
        if (node.version !== message.version - 1) return;
        node.version = message.version;
        for (const personId of message.came) this.#add(node, personId);
        for (const { personId, lastSeen } of message.left) this.#remove(node, personId, lastSeen);
        return;
      case 'everybody': {
        node.version = message.version;
        const people = new Set(message.people);
        const at = this.#options.now().toISOString();
        for (const personId of people) this.#add(node, personId);
        for (const personId of [...node.people]) if (!people.has(personId)) this.#remove(node, personId, at);
      }
    }
  }

  /** Another node asks for everybody. Where several ask in the same moment, it is told once. */
  tellEverybody(): void {
    this.#everybodyTimer ??= setTimeout(() => {
      this.#everybodyTimer = undefined;
      this.#tellMoved();
      this.#options.tell({ kind: 'everybody', version: this.#version, people: this.#board.everybody() });
    }, gatheredMs).unref();
  }

  #onOwnChange(change: PresenceChange): void {
    const { personId } = change;
    this.#moved.set(personId, change);
    this.#tellTimer ??= setTimeout(() => this.#tellMoved(), gatheredMs).unref();
    if (this.#elsewhere.of(personId) === 0) this.#options.onChange({ ...change, isOurs: true });
  }

  #tellMoved(): void {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    if (this.#moved.size === 0) return;
    const moved = [...this.#moved.values()];
    this.#moved = new Map();
    this.#version += 1;
    this.#options.tell({
      kind: 'moved',
      version: this.#version,
      came: moved.filter(({ online }) => online).map(({ personId }) => personId),
      left: moved.filter(({ online }) => !online).map(({ personId, lastSeen }) => ({ personId, lastSeen })),
    });
  }

  #add(node: OtherNode, personId: string): void {
    if (node.people.has(personId)) return;
    const wasOnline = this.isOnline(personId);
    node.people.add(personId);
    this.#elsewhere.add(personId);
    if (!wasOnline) this.#report(personId, true, false);
  }

  #remove(node: OtherNode, personId: string, lastSeen: string, isOurs = false): void {
    if (!node.people.delete(personId)) return;
    this.#elsewhere.remove(personId);
    if (this.isOnline(personId)) return;
    this.#lastSeen.set(personId, lastSeen);
    this.#report(personId, false, isOurs);
  }

  /** A node that is not heard any more cannot note when its people were last seen. */
  #endLeases(): void {
    const { now, leaseMs = usualLeaseMs } = this.#options;
    for (const [id, node] of this.#nodes) {
      const silentMs = performance.now() - node.heardAt;
      if (silentMs < leaseMs) continue;
      this.#nodes.delete(id);
      const lastSeen = new Date(now().getTime() - silentMs).toISOString();
      for (const personId of [...node.people]) this.#remove(node, personId, lastSeen, true);
    }
  }

  #report(personId: string, online: boolean, isOurs: boolean): void {
    const lastSeen = this.lastSeen(personId) ?? this.#options.now().toISOString();
    this.#options.onChange({ personId, online, lastSeen, isOurs });
  }
}
