/**
 * The app's files on the device, and newer versions of them: looked for now and then, offered, and taken into use when
 * the person says so. By itself only at a start, with no other page open and nothing being written.
 */
import { messageSW, Workbox } from 'workbox-window';
import { isWriting, keepWhatIsTyped } from './ui/before-reload.ts';
import type { NewVersion } from './ui/update-toast.ts';
import { afterTakeOver, type Wish } from './take-over.ts';

const lookEveryMs = 60 * 60 * 1_000;
/** A waiting version that has not answered by then is of a kind that does not know the question. */
const answerWithinMs = 5_000;

/** Registers the worker. `offer` is called when a newer version is ready. */
export async function keepForOffline(offer: (newVersion: NewVersion) => void): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return; // plain HTTP on a LAN: works online, without a worker
  if (document.querySelector('meta[name="service-worker"][content="off"]')) {
    // The server takes the worker away. One that is still here finds out by being looked for.
    const left = await container.getRegistration();
    return void (await left?.update());
  }
  const workbox = new Workbox(workerUrl(), { scope: '/', updateViaCache: 'none' });
  let wasControlled = container.controller !== null;
  // The browser itself may bring the version that waits, in the moment between an old page and this one.
  let wish: Wish = 'start';
  setTimeout(() => {
    if (wish === 'start') wish = 'none';
  }, answerWithinMs);
  const newVersion: NewVersion = {
    async take() {
      const waiting = (await container.getRegistration())?.waiting;
      if (!waiting) return reload(); // another tab has taken it into use already
      if (!(await keepWhatIsTyped())) return false;
      wish = 'pressed';
      workbox.messageSkipWaiting();
      return true;
    },
  };
  container.addEventListener('controllerchange', () => {
    const next = afterTakeOver({ wasControlled, wish, isWriting: isWriting() });
    wasControlled = true;
    if (next === 'nothing') return;
    const isReloading = next === 'reload' ? reload() : Promise.resolve(false);
    void isReloading.then((is) => is || offer(newVersion));
  });
  workbox.addEventListener('waiting', ({ wasWaitingBeforeRegister, sw }) => {
    if (wasWaitingBeforeRegister && sw) void takeAtStart(sw);
    else offer(newVersion);
  });
  async function takeAtStart(waiting: ServiceWorker): Promise<void> {
    wish = 'start';
    if (!isWriting() && (await asksToTakeOver(waiting))) return;
    wish = 'none';
    offer(newVersion);
  }
  // After the page has loaded: its first load is not slowed down by what is loaded for later.
  const registration = await workbox.register();
  if (!registration) return;

  const look = () => {
    // Offline, or taken away by the server: there will be another time.
    workbox.update().catch((error: unknown) => console.info('not looked for a new version', error));
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') look();
  });
  setInterval(() => {
    if (registration.waiting) offer(newVersion); // put off an hour ago, or the second since this page was opened
    else look();
  }, lookEveryMs);
}

/** False if what is typed could not be kept: then the page stays. */
async function reload(): Promise<boolean> {
  const isKept = await keepWhatIsTyped();
  if (isKept) location.reload();
  return isKept;
}

/** Asks a version that waits to take over if this page is the only one. False if it does not. */
async function asksToTakeOver(waiting: ServiceWorker): Promise<boolean> {
  const answer: unknown = await Promise.race([
    messageSW(waiting, { type: 'SKIP_WAITING', onlyIfAlone: true }),
    new Promise((resolve) => setTimeout(resolve, answerWithinMs)),
  ]);
  return answer === true;
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
