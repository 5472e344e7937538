/**
 * A store as a whole, table by table, for whoever moves an installation from one kind of store to another. Both have the
 * same tables and columns; what only one of them has (`life.home`) is its own affair.
 */
export type Row = Record<string, string | number | null>;

export interface Table {
  name: string;
  /** Its primary key: the order in which its rows are read. */
  key: readonly string[];
}

export const tables: readonly Table[] = [
  { name: 'person', key: ['n'] },
  { name: 'session', key: ['token_hash'] },
  { name: 'conversation', key: ['n'] },
  { name: 'message', key: ['n'] },
  { name: 'inbox', key: ['person', 'position'] },
  { name: 'progress', key: ['conversation', 'person'] },
  { name: 'peer', key: ['person', 'other'] },
  { name: 'report', key: ['n'] },
  { name: 'audit', key: ['n'] },
  { name: 'quarantine', key: ['skeleton'] },
];

/** The only row of the table `life`, with the epoch. */
export const lifeColumns = ['epoch', 'pruned_to', 'swept_at', 'hold_until'] as const;

/** Held by us alone until `close`. What is put is there after `commit`, all of it, or none. */
export interface WholeStore {
  /** For sentences: the file, or the database without its password. */
  name: string;
  isEmpty(): Promise<boolean>;
  life(): Promise<Row>;
  setLife(life: Row): Promise<void>;
  columns(table: string): Promise<string[]>;
  /** The rows after the key `after`, in its order: a page of them. */
  page(table: Table, columns: readonly string[], after: Row | undefined): Promise<Row[]>;
  put(table: string, columns: readonly string[], rows: readonly Row[]): Promise<void>;
  commit(): Promise<void>;
  close(): Promise<void>;
}

/** One page of a table; written alike in both dialects but for the names of parameters. */
export function pageSql({ name, key }: Table, columns: readonly string[], isFirst: boolean): string {
  const keys = key.join(', ');
  const after = isFirst ? '' : `WHERE (${keys}) > (${key.map((_, index) => `$${index + 1}`).join(', ')})`;
  return `SELECT ${columns.join(', ')} FROM ${name} ${after} ORDER BY ${keys} LIMIT ${pageRows}`;
}

const pageRows = 1_000;
