/**
 * One stream for the whole browser: the tab that holds the Web Lock leads, the others follow the database.
 * Without locks (plain HTTP) every tab leads; that costs connections and does no harm.
 */

/** Runs `lead` in one tab of the person at a time. `lead` ends when the signal aborts. */
export function electLeader(personId: string, lead: (signal: AbortSignal) => Promise<void>): () => void {
  const over = new AbortController();
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) {
    void lead(over.signal);
    return () => over.abort();
  }
  locks
    .request(`stream-${personId}`, { signal: over.signal }, () => lead(over.signal))
    .catch((error: unknown) => {
      // Aborted while waiting: it was never the leader.
      if (!over.signal.aborted) throw error;
    });
  return () => over.abort();
}
