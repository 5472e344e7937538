/**
 * What PostgreSQL's errors mean: a fault that passes, which devices wait out; a transaction that met another and may
 * simply be tried again; or a mistake of one command, which is then undone alone.
 */
import { DatabaseError } from 'pg';
import { StorageFull, StorageHeld } from './event-store.ts';

/** Nothing is known of what was asked last: not even whether it was committed. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** What the operator has to mend before the store can be opened; its message is a sentence for them. */
export class UnfitDatabase extends Error {
  override name = 'UnfitDatabase';
}

/** Whole classes of SQLSTATE: of the connection (08), of resources (53), of an operator who intervenes (57), of the system (58). */
const passingClasses = new Set(['08', '53', '57', '58']);
/**
 * A lock not given in time, a server that only reads, a transaction that took too long or met others again and again. Not
 * a unique row that is still there when looked at again: that is a mistake of the command.
 */
const passingStates = new Set(['55P03', '25006', '25P03', '40P01', '40001']);

/** What devices are told to wait for; undefined if waiting helps nothing. */
export function passingFault(error: unknown): StorageFull | StorageHeld | undefined {
  if (error instanceof StorageFull || error instanceof StorageHeld) return error;
  if (error instanceof ConnectionLost) return new StorageHeld(error.message, { cause: error });
  const state = sqlState(error);
  if (state === undefined) return undefined;
  const { message } = error as Error;
  if (state === '53100') return new StorageFull(message, { cause: error });
  const isPassing = passingClasses.has(state.slice(0, 2)) || passingStates.has(state);
  return isPassing ? new StorageHeld(message, { cause: error }) : undefined;
}

/**
 * A deadlock, a serialization failure, or somebody else who has just written the same unique row: whoever looks again
 * finds what the other has left.
 */
export function metAnother(error: unknown): boolean {
  return ['40P01', '40001', '23505'].includes(sqlState(error) ?? '');
}

function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}
