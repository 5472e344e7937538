/**
 * The page's side of the service worker: registration, and the offer of a new version.
 * Asking for a flush is sync/request-flush.ts.
 */
import { Workbox } from 'workbox-window';

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
