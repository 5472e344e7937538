/**
 * What goes wrong out there, and which test plays it. A row is covered, covered in part (`missing` says what is not
 * played), beyond what can be played here (`cannot` says why), or open. catalogue.test.ts holds the names to the files.
 */
export interface Row {
  id: string;
  fault: string;
  /** File below test/, and a part of the test's title. */
  by?: readonly (readonly [file: string, title: string])[];
  missing?: string;
  cannot?: string;
}

export type Standing = 'covered' | 'in part' | 'not here' | 'open';

export function standingOf({ by, missing, cannot }: Row): Standing {
  if (cannot !== undefined) return 'not here';
  if (by === undefined || by.length === 0) return 'open';
  return missing === undefined ? 'covered' : 'in part';
}

/** The stories of chance: nothing lost, nothing twice, in order, everyone equal. */
export const model = [
  'faults/model.test.ts',
  'loses nothing, takes nothing twice and keeps the order',
] as const;
/** The same on real sockets. */
export const soak = ['faults/soak.test.ts', 'are all equal after'] as const;
