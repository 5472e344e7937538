/** What the operator looks up and decides, in PostgreSQL: as sqlite-admin.ts does it, beside running nodes or without any. */
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import { beginLife, inTransaction } from './postgres-schema.ts';
import { lockPersons, type PersonRow } from './postgres-persons.ts';
import { connectAlone, connectForCommand, refuseOtherVersion } from './postgres-whole.ts';
import type { Admin, ReportLine, WholeReport } from './sqlite-admin.ts';
import { CannotCopy } from './sqlite-copy.ts';
import { toPerson } from './sqlite-rows.ts';

const selectReport = `
  SELECT r.n, r.at, r.reason, a.nick AS reporter, b.nick AS reported, r.done_at AS done, r.note, r.messages
  FROM report r JOIN person a ON a.n = r.reporter JOIN person b ON b.n = r.reported`;

/** Each method of the other, asked over a connection. */
type PostgresAdmin = {
  [Name in keyof Admin]: (...about: Parameters<Admin[Name]>) => Promise<ReturnType<Admin[Name]>>;
};

/** Throws CannotCopy, whose sentence is for the operator. `close` when done. */
export async function openPostgresAdmin(url: string, who: string, now: () => Date): Promise<PostgresAdmin> {
  const db = await connectForCommand(url);
  try {
    await refuseOtherVersion(db);
  } catch (error) {
    await db.end();
    throw error;
  }

  async function personCalled(nick: string): Promise<PersonRow> {
    const skeleton = nickSkeleton(nick);
    const person = (await lockPersons(db, { skeletons: [skeleton] })).called(skeleton);
    if (!person) throw new CannotCopy(`Nobody is called '${nick}'.`);
    return person;
  }

  const noted = <T>(what: string, change: () => Promise<T>): Promise<T> =>
    inTransaction(db, async () => {
      const result = await change();
      await db.run('INSERT INTO audit (at, who, what) VALUES ($1, $2, $3)', now().toISOString(), who, what);
      return result;
    });

  const setBan = async (nick: string, until: string | null) => {
    const { n } = await personCalled(nick);
    await db.run('UPDATE person SET banned_until = $1 WHERE n = $2', until, n);
  };

  return {
    async people(search) {
      const rows = await db.all<PersonRow & { devices: number; banned_until: string | null }>(
        `SELECT p.*, (SELECT count(*) FROM session s WHERE s.person = p.n) AS devices
         FROM person p WHERE skeleton IS NOT NULL AND (strpos(lower_nick, $1) > 0 OR strpos(skeleton, $2) > 0)
         ORDER BY lower_nick LIMIT 200`,
        search.normalize('NFKC').toLowerCase(),
        nickSkeleton(search),
      );
      return rows.map((row) => ({ ...toPerson(row), devices: row.devices, bannedUntil: row.banned_until }));
    },

    async devices(nick) {
      const rows = await db.all<{ at: string }>(
        'SELECT began_at AS at FROM session WHERE person = $1 ORDER BY began_at',
        (await personCalled(nick)).n,
      );
      return rows.map(({ at }) => at);
    },

    reports: (all) =>
      db.all<ReportLine>(`${selectReport} WHERE $1::boolean OR r.done_at IS NULL ORDER BY r.n`, all),

    /** Reading what was handed over is noted, too. */
    report: (n) =>
      noted(`read report ${n}`, async () => {
        const row = await db.get<ReportLine & { note: string; messages: string }>(
          `${selectReport} WHERE r.n = $1`,
          n,
        );
        if (!row) throw new CannotCopy(`There is no report ${n}.`);
        return { ...row, messages: JSON.parse(row.messages) as WholeReport['messages'] };
      }),

    endReport: (n) =>
      noted(`ended report ${n}`, async () => {
        const changes = await db.run('UPDATE report SET done_at = $1 WHERE n = $2', now().toISOString(), n);
        if (changes === 0) throw new CannotCopy(`There is no report ${n}.`);
      }),

    /** Until when, or for good. */
    async ban(nick, days) {
      const until =
        days === undefined ? undefined : new Date(now().getTime() + days * 86_400_000).toISOString();
      await noted(`banned ${nick} ${until === undefined ? 'for good' : `until ${until}`}`, () =>
        setBan(nick, until ?? ''),
      );
      return until;
    },

    unban: (nick) => noted(`unbanned ${nick}`, () => setBan(nick, null)),
    audit: () =>
      db.all<{ at: string; who: string; what: string }>('SELECT at, who, what FROM audit ORDER BY n'),
    close: () => db.end(),
  };
}

/** After a restore that the database cannot know by itself: every device looks what is missing, and brings it back. */
export async function beginNewLife(url: string, who: string, now: () => Date): Promise<void> {
  const db = await connectAlone(url);
  try {
    await refuseOtherVersion(db);
    await inTransaction(db, async () => {
      await beginLife(db);
      await db.run(
        'INSERT INTO audit (at, who, what) VALUES ($1, $2, $3)',
        now().toISOString(),
        who,
        'began a new life',
      );
    });
  } finally {
    await db.end();
  }
}
