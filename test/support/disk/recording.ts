/**
 * What the shim recorded, and the disk as it was at every moment of it.
 *
 * The model is as mean as POSIX allows: what was written since a file was last synced may be there or not, in any part
 * and any order; and a file is in its folder for sure only once the folder was synced.
 */
import { writeSync } from 'node:fs';

type Kind = 'create' | 'write' | 'truncate' | 'sync' | 'unlink' | 'rename' | 'mark';

export interface DiskRecord {
  kind: Kind;
  name: string;
  /** Of a write: where; of a truncate: the new length. */
  offset: number;
  /** Of a rename: the new name; of a mark: what was said. */
  data: Buffer;
}

const kinds: Record<string, Kind> = {
  c: 'create',
  w: 'write',
  t: 'truncate',
  s: 'sync',
  u: 'unlink',
  r: 'rename',
  m: 'mark',
};
const headBytes = 24;

export function readRecording(log: Buffer): DiskRecord[] {
  const records: DiskRecord[] = [];
  for (let at = 0; at < log.length;) {
    const kind = kinds[String.fromCharCode(log.readUInt32LE(at))]!;
    const nameEnd = at + headBytes + log.readUInt32LE(at + 4);
    const end = nameEnd + Number(log.readBigUInt64LE(at + 16));
    records.push({
      kind,
      name: log.toString('utf8', at + headBytes, nameEnd),
      offset: Number(log.readBigUInt64LE(at + 8)),
      data: log.subarray(nameEnd, end),
    });
    at = end;
  }
  return records;
}

/** Puts a word of the program's own between the records, in one append. */
export function writeMark(logFd: number, text: string): void {
  const data = Buffer.from(text);
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE('m'.charCodeAt(0), 0);
  head.writeBigUInt64LE(BigInt(data.length), 16);
  writeSync(logFd, Buffer.concat([head, data]));
}

/** What became of the writes that no sync had followed when the power went. */
export const fates = ['none', 'all', 'torn', 'scattered'] as const;
export type Fate = (typeof fates)[number];

interface File {
  /** As of its last sync. */
  durable: Buffer;
  /** Since then. */
  pending: DiskRecord[];
}

export class RecordedDisk {
  #durableNames = new Map<string, File>();
  readonly #names = new Map<string, File>();
  #pendingNames: DiskRecord[] = [];
  readonly #filesMade = new Map<DiskRecord, File>();

  play(record: DiskRecord): void {
    const { kind, name } = record;
    switch (kind) {
      case 'mark':
        return;
      case 'create':
      case 'unlink':
      case 'rename':
        if (kind === 'create') this.#filesMade.set(record, { durable: Buffer.alloc(0), pending: [] });
        this.#rename(this.#names, record);
        this.#pendingNames.push(record);
        return;
      case 'sync':
        return name === '' ? this.#syncFolder() : this.#syncFile(name);
      case 'write':
      case 'truncate':
        // Of a file that was removed while it was open: nobody will see it.
        this.#names.get(name)?.pending.push(record);
    }
  }

  /** The folder after a power cut now. `random` in [0, 1). */
  image(fate: Fate, random: () => number): Map<string, Buffer> {
    const names = new Map(this.#durableNames);
    const renames = { none: 0, all: 1, torn: 0.5, scattered: random() }[fate] * this.#pendingNames.length;
    // A file system keeps the order of these.
    for (const record of this.#pendingNames.slice(0, Math.round(renames))) this.#rename(names, record);
    return new Map([...names].map(([name, file]) => [name, contentOf(file, fate, random)]));
  }

  #rename(names: Map<string, File>, record: DiskRecord): void {
    const { kind, name, data } = record;
    const file = kind === 'create' ? this.#filesMade.get(record) : names.get(name);
    if (kind !== 'create') names.delete(name);
    if (kind !== 'unlink' && file) names.set(kind === 'rename' ? data.toString() : name, file);
  }

  #syncFolder(): void {
    this.#durableNames = new Map(this.#names);
    this.#pendingNames = [];
  }

  #syncFile(name: string): void {
    const file = this.#names.get(name);
    if (!file) return;
    file.durable = applied(file.durable, file.pending);
    file.pending = [];
  }
}

function contentOf({ durable, pending }: File, fate: Fate, random: () => number): Buffer {
  switch (fate) {
    case 'none':
      return durable;
    case 'all':
      return applied(durable, pending);
    case 'torn': {
      const half = Math.floor(pending.length / 2);
      return applied(durable, [...pending.slice(0, half), ...pending.slice(half, half + 1).map(halfOf)]);
    }
    case 'scattered':
      return applied(
        durable,
        pending.filter(() => random() < 0.5).map((record) => (random() < 0.2 ? halfOf(record) : record)),
      );
  }
}

function halfOf(record: DiskRecord): DiskRecord {
  return { ...record, data: record.data.subarray(0, record.data.length / 2) };
}

function applied(before: Buffer, records: readonly DiskRecord[]): Buffer {
  if (records.length === 0) return before;
  let length = before.length;
  let longest = length;
  for (const { kind, offset, data } of records) {
    length = kind === 'truncate' ? offset : Math.max(length, offset + data.length);
    longest = Math.max(longest, length);
  }
  const content = Buffer.alloc(longest);
  before.copy(content);
  for (const { kind, offset, data } of records) {
    if (kind === 'write') data.copy(content, offset);
    else content.fill(0, offset);
  }
  return content.subarray(0, length);
}
