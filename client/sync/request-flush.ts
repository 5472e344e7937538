/**
 * The page's wish that what waits is sent: by the worker, which outlives the page; by the browser, for when neither
 * is there (Background Sync); by the page itself, where no worker answers, and should the worker die over it.
 */
import type { Database } from '../store/database.ts';
import { flushOutbox, standBy } from '../store/flush-outbox.ts';
import type { FlushRequest } from '../store/flush-turn.ts';
import { hasNothingQueued } from '../store/outbox.ts';

/** Background Sync's tag, and the name of the worker's one job. */
const syncTag = 'outbox';
/** A worker that has not begun by then is not going to: it hangs, or is being replaced. */
const workerPatienceMs = 2_000;

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

type PageRequest = Pick<FlushRequest, 'onlyIfDue' | 'signal'>;

export async function requestFlush(db: Database, request: PageRequest): Promise<void> {
  if (await hasNothingQueued(db)) return;
  // What is in this page's memory only this page can send.
  if (await db.isInMemory()) return void (await flushOutbox(db, undefined, request));
  // Asked for by a timer it would only be tried twice.
  if (!request.onlyIfDue) askForSync();
  const worker = navigator.serviceWorker?.controller;
  if (worker && (await beginsFlush(worker, request))) return standBy(db, request.signal);
  await flushOutbox(db, undefined, request);
}

function askForSync(): void {
  // Not waited for: while a worker is being installed, or cannot be, `ready` may never come.
  navigator.serviceWorker?.ready
    .then((registration: SyncRegistration) => registration.sync?.register(syncTag))
    // Refused in private windows, or by the person: the page's own triggers remain.
    .catch((error: unknown) => console.info('no Background Sync', error));
}

function beginsFlush(worker: ServiceWorker, { onlyIfDue }: PageRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const end = (begins: boolean) => {
      clearTimeout(timer);
      port1.close();
      resolve(begins);
    };
    const timer = setTimeout(() => end(false), workerPatienceMs);
    port1.onmessage = () => end(true);
    try {
      worker.postMessage({ type: 'flush', onlyIfDue }, [port2]);
    } catch (error) {
      console.info('the worker is gone', error);
      end(false);
    }
  });
}
