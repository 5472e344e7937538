/**
 * The app's files on the device, and newer versions of them: looked for now and then, offered, and taken into use when
 * the person says so. By itself only at a start, with no other page open and nothing being written.
 */
import { messageSW, Workbox, type WorkboxLifecycleWaitingEvent } from 'workbox-window';
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
      void messageSW(waiting, { type: 'SKIP_WAITING' });
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
  const onWaiting = ({ wasWaitingBeforeRegister, sw }: WorkboxLifecycleWaitingEvent) => {
    if (wasWaitingBeforeRegister && sw) void takeAtStart(sw);
    else offer(newVersion);
  };
  async function takeAtStart(waiting: ServiceWorker): Promise<void> {
    wish = 'start';
    if (!isWriting() && (await asksToTakeOver(waiting))) return;
    wish = 'none';
    offer(newVersion);
  }
  const registration = await register(onWaiting);
  if (!registration) return;

  const look = () => {
    // Offline, or taken away by the server: there will be another time.
    registration.update().catch((error: unknown) => console.info('not looked for a new version', error));
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

type OnWaiting = (event: WorkboxLifecycleWaitingEvent) => void;

/**
 * As a module, which shares with the page what both have loaded; else, in a browser or on a server that knows no such
 * worker, in one piece. One of the other form that is here already is replaced like an older version.
 */
async function register(onWaiting: OnWaiting): Promise<ServiceWorkerRegistration | undefined> {
  const trusted = workerAddresses();
  const registerAs = (address: string, type: WorkerType) => {
    // What a module imports has its content in its name, so the browser's own cache may answer; never for the worker.
    const workbox = new Workbox(trusted(address), { scope: '/', type, updateViaCache: 'imports' });
    workbox.addEventListener('waiting', onWaiting);
    // After the page has loaded: its first load is not slowed down by what is loaded for later.
    return workbox.register();
  };
  try {
    return await registerAs('/sw.mjs', 'module');
  } catch (error) {
    console.info('no worker as a module', error);
    return registerAs('/sw.js', 'classic');
  }
}

/** Trusted Types let only a policy name the script of a worker; this one knows no others. */
function workerAddresses(): (address: string) => string {
  interface Policy {
    createScriptURL(address: string): string;
  }
  interface Policies {
    createPolicy(name: string, rules: Policy): Policy;
  }
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  const createScriptURL = (address: string) => (address === '/sw.mjs' ? address : '/sw.js');
  const policy = policies?.createPolicy('ot-sw', { createScriptURL });
  return (address) => policy?.createScriptURL(address) ?? address;
}
