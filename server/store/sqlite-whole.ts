/** The embedded store as a whole; see whole-store.ts. No server may run on its folder. */
import { existsSync, mkdirSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import path from 'node:path';
import { holdFolder } from './hold-folder.ts';
import { CannotCopy, databaseIn } from './sqlite-copy.ts';
import { migrate, strangeness } from './sqlite-schema.ts';
import { lifeColumns, pageSql, type Row, type WholeStore } from './whole-store.ts';

/** Throws CannotCopy, whose sentence is for the operator. `isSource`: it must be there. */
export function openWholeSqlite(dataDir: string, isSource: boolean): WholeStore {
  const file = databaseIn(dataDir);
  if (isSource && !existsSync(file)) {
    throw new CannotCopy(`There is no data in ${dataDir}; DATA_DIR says where it is.`);
  }
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const held = holdFolder(path.dirname(file));
  if (!held) throw new CannotCopy(`A server is running on ${path.dirname(file)}; end it first.`);
  const db = new DatabaseSync(file, { timeout: 5_000 });
  const close = () => {
    db.close();
    held.close();
  };
  try {
    if (isSource && strangeness(db) !== undefined) {
      throw new CannotCopy(`${file} is not of this version of OpenTalk.`);
    }
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF');
    migrate(db);
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    close();
    throw error;
  }
  const one = (sql: string) => db.prepare(sql).get() as Row;

  return {
    name: file,
    isEmpty: async () => one('SELECT count(*) AS count FROM person')['count'] === 0,
    life: async () => one(`SELECT ${lifeColumns.join(', ')} FROM life`),
    async setLife(life) {
      db.prepare(`UPDATE life SET ${lifeColumns.map((name) => `${name} = ?`).join(', ')}`).run(
        ...lifeColumns.map((name) => life[name]!),
      );
    },
    async columns(table) {
      const rows = db.prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid').all(table);
      return rows.map(({ name }) => String(name));
    },
    async page(table, columns, after) {
      const keys = after ? table.key.map((name) => after[name] as SQLInputValue) : [];
      // SQLite takes $1 for a name, and so by its place all the same.
      return db.prepare(pageSql(table, columns, !after).replaceAll(/\$\d/g, '?')).all(...keys) as Row[];
    },
    async put(table, columns, rows) {
      const add = db.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
      for (const row of rows) add.run(...columns.map((name) => row[name]!));
    },
    commit: async () => db.exec('COMMIT'),
    close: async () => close(),
  };
}
