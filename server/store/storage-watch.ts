/**
 * What the operator is to hear of the storage: once when an episode begins and once when it is over, however many
 * requests it meets.
 */
import type { Answer } from './sqlite-thread.ts';

export type StorageNotice =
  /** Nothing is accepted: the disk is full. */
  | { kind: 'full' }
  /** Nothing is accepted: another program holds the database for longer than we wait. */
  | { kind: 'held' }
  /** Nothing is accepted: the database cannot be reached, or refuses for a while. */
  | { kind: 'away'; why: string }
  /** Any of these is over. */
  | { kind: 'accepting' }
  /** A program that reads for long keeps the log from being begun anew. */
  | { kind: 'log-grows' | 'log-shrunk'; bytes: number }
  /** The last end was none in order: the whole database is looked over. */
  | { kind: 'checking' | 'sound' }
  /** It could not be looked over. */
  | { kind: 'unchecked'; why: string };

const mebibyte = 1024 * 1024;
const longLogBytes = 64 * mebibyte;
const shortLogBytes = 32 * mebibyte;
/** On a disk that is nearly full a small message may fit where a large one does not: that is still the same episode. */
const commitsUntilOver = 20;

export function createStorageWatch(tell: (notice: StorageNotice) => void) {
  let trouble: 'full' | 'held' | undefined;
  let commits = 0;
  let isLogLong = false;

  return {
    answered(answers: readonly Answer[]): void {
      const kind = refusalOfAll(answers);
      if (kind !== undefined) {
        commits = 0;
        if (kind !== trouble) tell({ kind });
        trouble = kind;
      } else if (trouble !== undefined && ++commits === commitsUntilOver) {
        trouble = undefined;
        tell({ kind: 'accepting' });
      }
    },
    logHolds(bytes: number): void {
      const isLong = bytes >= (isLogLong ? shortLogBytes : longLogBytes);
      if (isLong === isLogLong) return;
      isLogLong = isLong;
      tell({ kind: isLogLong ? 'log-grows' : 'log-shrunk', bytes });
    },
  };
}

/** Why nothing of a batch was accepted, if so: it then holds for every answer. */
export function refusalOfAll([answer]: readonly Answer[]): 'full' | 'held' | undefined {
  if (!answer || 'value' in answer || answer.fault.kind === 'bug') return undefined;
  return answer.fault.kind;
}
