/**
 * The persons of a transaction, locked in the order of their numbers before anything else is.
 *
 * Everything that is written hangs on persons: an inbox on its own, a conversation on both of its. Whoever has them locked
 * may read what hangs on them and write what follows from it; so positions and seqs are given in the order of the commits,
 * and nobody waits in a circle.
 */
import type { Db } from './postgres-connection.ts';
import type { PersonRow } from './sqlite-rows.ts';

export type { PersonRow } from './sqlite-rows.ts';

/** Whom a command needs: by ids, by the skeletons of nicks, by numbers. */
export interface Wanted {
  ids?: readonly string[];
  skeletons?: readonly string[];
  numbers?: readonly number[];
}

export class Persons {
  readonly byNumber = new Map<number, PersonRow>();
  readonly #byId = new Map<string, PersonRow>();
  readonly #bySkeleton = new Map<string, PersonRow>();

  constructor(rows: readonly PersonRow[]) {
    for (const row of rows) {
      this.byNumber.set(row.n, row);
      this.#byId.set(row.id, row);
      if (row.skeleton !== null) this.#bySkeleton.set(row.skeleton, row);
    }
  }

  withId(id: string): PersonRow | undefined {
    return this.#byId.get(id);
  }

  called(skeleton: string): PersonRow | undefined {
    return this.#bySkeleton.get(skeleton);
  }

  /** The person by whose id everything is asked; that there is none is a bug of who asks. */
  mustHave(id: string): PersonRow {
    const person = this.#byId.get(id);
    if (!person) throw noPerson(id);
    return person;
  }
}

export function noPerson(id: string): Error {
  return new Error(`There is no person ${id}.`);
}

export async function lockPersons(
  db: Db,
  { ids = [], skeletons = [], numbers = [] }: Wanted,
): Promise<Persons> {
  return new Persons(
    await db.all<PersonRow>(
      `SELECT * FROM person WHERE id = ANY ($1::text[]) OR skeleton = ANY ($2::text[]) OR n = ANY ($3::bigint[])
       ORDER BY n FOR UPDATE`,
      ids,
      skeletons,
      numbers,
    ),
  );
}
