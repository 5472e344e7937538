/**
 * What the operator looks up and decides, straight in the database: beside a running server, or without one. Every change
 * is one short transaction together with its line in the audit log, which never has what anybody wrote.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import { CannotCopy, databaseIn } from './sqlite-copy.ts';
import { strangeness } from './sqlite-schema.ts';
import { toPerson, type PersonRow } from './sqlite-rows.ts';

export interface ReportLine {
  n: number;
  at: string;
  reason: string;
  reporter: string;
  reported: string;
  done: string | null;
}

export interface WholeReport extends ReportLine {
  note: string;
  messages: { from: string; id: string; text: string; acceptedAt: string }[];
}

const selectReport = `
  SELECT r.n, r.at, r.reason, a.nick AS reporter, b.nick AS reported, r.done_at AS done, r.note, r.messages
  FROM report r JOIN person a ON a.n = r.reporter JOIN person b ON b.n = r.reported`;

/** Throws CannotCopy, whose sentence is for the operator. `close` when done. */
export function openAdmin(dataDir: string, who: string, now: () => Date) {
  const file = databaseIn(dataDir);
  if (!existsSync(file)) throw new CannotCopy(`There is no data in ${dataDir}; DATA_DIR says where it is.`);
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    if (strangeness(db) !== undefined) throw new CannotCopy(`${file} is not of this version of OpenTalk.`);
    const audit = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'audit'").get();
    if (!audit) throw new CannotCopy(`${file} is of an older version: start the server of this one once.`);
    // As the server has it; the log is the server's to begin anew.
    db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0');
  } catch (error) {
    db.close();
    throw error;
  }
  const called = db.prepare('SELECT * FROM person WHERE skeleton = ?');
  const note = db.prepare('INSERT INTO audit (at, who, what) VALUES (?, ?, ?)');

  function personCalled(nick: string): PersonRow {
    const person = called.get(nickSkeleton(nick)) as PersonRow | undefined;
    if (!person) throw new CannotCopy(`Nobody is called '${nick}'.`);
    return person;
  }

  function noted<T>(what: string, change: () => T): T {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      note.run(now().toISOString(), who, what);
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    people(search: string) {
      const rows = db
        .prepare(
          `SELECT p.*, (SELECT count(*) FROM session s WHERE s.person = p.n) AS devices
          FROM person p WHERE skeleton IS NOT NULL AND (instr(lower_nick, ?1) > 0 OR instr(skeleton, ?2) > 0)
          ORDER BY lower_nick LIMIT 200`,
        )
        .all(search.normalize('NFKC').toLowerCase(), nickSkeleton(search));
      return (rows as unknown as (PersonRow & { devices: number; banned_until: string | null })[]).map(
        (row) => ({ ...toPerson(row), devices: row.devices, bannedUntil: row.banned_until }),
      );
    },

    devices(nick: string): string[] {
      const rows = db
        .prepare('SELECT began_at FROM session WHERE person = ? ORDER BY began_at')
        .all(personCalled(nick).n) as unknown as { began_at: string }[];
      return rows.map(({ began_at: at }) => at);
    },

    reports(all: boolean): ReportLine[] {
      const rows = db.prepare(`${selectReport} WHERE ?1 OR r.done_at IS NULL ORDER BY r.n`).all(Number(all));
      return rows as unknown as ReportLine[];
    },

    /** Reading what was handed over is noted, too. */
    report(n: number): WholeReport {
      return noted(`read report ${n}`, () => {
        const row = db.prepare(`${selectReport} WHERE r.n = ?`).get(n) as
          | (ReportLine & { note: string; messages: string })
          | undefined;
        if (!row) throw new CannotCopy(`There is no report ${n}.`);
        return { ...row, messages: JSON.parse(row.messages) as WholeReport['messages'] };
      });
    },

    endReport(n: number): void {
      noted(`ended report ${n}`, () => {
        const { changes } = db
          .prepare('UPDATE report SET done_at = ? WHERE n = ?')
          .run(now().toISOString(), n);
        if (changes === 0) throw new CannotCopy(`There is no report ${n}.`);
      });
    },

    /** Until when, or for good. */
    ban(nick: string, days: number | undefined): string | undefined {
      const until =
        days === undefined ? undefined : new Date(now().getTime() + days * 86_400_000).toISOString();
      noted(`banned ${nick} ${until === undefined ? 'for good' : `until ${until}`}`, () =>
        db.prepare('UPDATE person SET banned_until = ? WHERE n = ?').run(until ?? '', personCalled(nick).n),
      );
      return until;
    },

    unban(nick: string): void {
      noted(`unbanned ${nick}`, () =>
        db.prepare('UPDATE person SET banned_until = NULL WHERE n = ?').run(personCalled(nick).n),
      );
    },

    audit(): { at: string; who: string; what: string }[] {
      const rows = db.prepare('SELECT at, who, what FROM audit ORDER BY n').all();
      return rows as unknown as { at: string; who: string; what: string }[];
    },

    close: () => db.close(),
  };
}

export type Admin = ReturnType<typeof openAdmin>;
