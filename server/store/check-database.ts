/**
 * The look over the database after an end that was none in order: in the background, so that the start takes no longer.
 * A log that still holds something is how such an end is known: who closes in order empties and removes it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';

/** First come the people who were cut off. */
const checkAfterMs = 2_000;

export type Finding = { kind: 'sound' } | { kind: 'damaged' | 'unchecked'; found: string };

export function endedWithoutOrder(dataDir: string): boolean {
  const log = statSync(path.join(dataDir, 'opentalk.db-wal'), { throwIfNoEntry: false });
  return log !== undefined && log.size > 0;
}

/** Looks the database over some time later, and tells what it found. Ends early by `stop`. */
export function checkDatabase(dataDir: string, onFinding: (finding: Finding) => void): { stop: () => void } {
  let child: ChildProcess | undefined;
  let isOver = false;
  const timer = setTimeout(() => {
    child = fork(path.join(import.meta.dirname, 'sqlite-check.ts'), [path.join(dataDir, 'opentalk.db')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (found) =>
      report(found === 'ok' ? { kind: 'sound' } : { kind: 'damaged', found: found as string }),
    );
    child.on('error', (error) => report({ kind: 'unchecked', found: error.message }));
    child.on('exit', (code) => report({ kind: 'unchecked', found: `the check ended with ${code}` }));
    // Neither the child nor what it says keeps the server from ending.
    child.unref();
    child.channel?.unref();
  }, checkAfterMs);
  timer.unref();

  function report(finding: Finding): void {
    if (isOver) return;
    isOver = true;
    onFinding(finding);
  }

  return {
    stop() {
      isOver = true;
      clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
}
