/**
 * The page's side of the service worker: registration, the offer of a new version, and asking for a flush.
 * The page flushes by itself where there is no worker, or where it does not answer.
 */
import { Workbox } from 'workbox-window';
import { flushOutbox } from './store/flush-outbox.ts';
import type { Database } from './store/database.ts';

/** Background Sync's tag, and the name of the worker's one job. */
const syncTag = 'outbox';
/** A worker that has not begun by then is not going to. */
const workerPatienceMs = 2_000;

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

export interface WorkerHandle {
  /** Takes the new version into use; the page reloads. */
  update(): void;
}

/** Registers the worker; `onWaiting` when a newer version waits to be taken into use. */
export async function registerWorker(onWaiting: (handle: WorkerHandle) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return; // plain HTTP on a LAN: works online, without a worker
  const workbox = new Workbox(workerUrl(), { scope: '/', updateViaCache: 'none' });
  workbox.addEventListener('waiting', () => {
    onWaiting({
      update() {
        workbox.addEventListener('controlling', () => location.reload());
        workbox.messageSkipWaiting();
      },
    });
  });
  await workbox.register();
}

/** Asks for what waits to be sent: the worker, and the browser for when the page is gone; else this page does it. */
export async function requestFlush(db: Database): Promise<void> {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return void (await flushOutbox(db));
  const registration: SyncRegistration = await navigator.serviceWorker.ready;
  // Refused in private windows, or by the person: the page's own triggers remain.
  registration.sync?.register(syncTag).catch((error: unknown) => console.info('no Background Sync', error));
  if (!(await beginsFlush(worker))) await flushOutbox(db);
}

function beginsFlush(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(false), workerPatienceMs);
    port1.onmessage = () => {
      clearTimeout(timer);
      port1.close();
      resolve(true);
    };
    worker.postMessage({ type: 'flush' }, [port2]);
  });
}

/** Trusted Types let only a policy name the script of a worker; this one knows a single name. */
function workerUrl(): string {
  interface Policies {
    createPolicy(
      name: string,
      rules: { createScriptURL(url: string): string },
    ): {
      createScriptURL(url: string): string;
    };
  }
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  if (!policies) return '/sw.js';
  return policies.createPolicy('ot-sw', { createScriptURL: () => '/sw.js' }).createScriptURL('/sw.js');
}
