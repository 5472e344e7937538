/** Which requests the bytes of a phone are for: by method and path, with everything that HTTP adds. */

export interface Traffic {
  requests: number;
  up: number;
  down: number;
}

export class BytesByKind<Connection extends object> {
  readonly kinds: Record<string, Traffic> = {};
  /** What each connection is busy with, and how much of the last that it said is counted under that. */
  readonly #busyWith = new WeakMap<Connection, { kind: string; lastUp: number }>();

  add(way: 'up' | 'down', bytes: number, connection: Connection): void {
    const busy = this.#busyWith.get(connection) ?? { kind: 'no request', lastUp: 0 };
    this.#busyWith.set(connection, busy);
    this.#of(busy.kind)[way] += bytes;
    if (way === 'up') busy.lastUp = bytes;
  }

  /** The last bytes that went up on this connection were the beginning of another request. */
  begin(head: string, connection: Connection): void {
    const [method, address = ''] = head.split(' ');
    const kind = `${method} ${address.split('?')[0]}`;
    const { kind: before, lastUp } = this.#busyWith.get(connection) ?? { kind, lastUp: 0 };
    this.#of(before).up -= lastUp;
    this.#of(kind).up += lastUp;
    this.#of(kind).requests += 1;
    this.#busyWith.set(connection, { kind, lastUp: 0 });
  }

  /** What came since, the most first. */
  since(before: Readonly<Record<string, Traffic>>): Record<string, Traffic> {
    const none = { requests: 0, up: 0, down: 0 };
    const differences = Object.entries(this.kinds).map(([kind, now]) => {
      const { requests, up, down } = before[kind] ?? none;
      return [kind, { requests: now.requests - requests, up: now.up - up, down: now.down - down }] as const;
    });
    return Object.fromEntries(
      differences
        .filter(([, { up, down }]) => up + down > 0)
        .toSorted(([, a], [, b]) => b.up + b.down - a.up - a.down),
    );
  }

  #of(kind: string): Traffic {
    return (this.kinds[kind] ??= { requests: 0, up: 0, down: 0 });
  }
}
