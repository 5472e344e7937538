/**
 * What the browser and the person have to do with installing: the browser's own offer is kept until a button is pressed;
 * visits and "not now" are remembered on the device. What follows from it is install-offer.ts.
 */
import type { InstallFacts } from './install-offer.ts';

interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Dispatches `change`. */
export const installing = new EventTarget();
const changed = () => installing.dispatchEvent(new Event('change'));
const standalone = matchMedia('(display-mode: standalone)');
let wasInstalled = false;

// A visit is a tab or a start of the app, and not a reload.
if (!sessionStorage.getItem('visited')) {
  sessionStorage.setItem('visited', '1');
  localStorage.setItem('visits', String(number('visits') + 1));
}
// It may come before this file does: index.html keeps it.
window.addEventListener('beforeinstallprompt', changed);
window.addEventListener('appinstalled', () => {
  wasInstalled = true;
  changed();
});
window.addEventListener('sent', () => {
  localStorage.setItem('sent', '1');
  changed();
});
standalone.addEventListener('change', changed);

export function readInstallFacts(): InstallFacts {
  const {
    standalone: isOnHomeScreen,
    maxTouchPoints,
    userAgent,
  } = navigator as Navigator & {
    standalone?: boolean;
  };
  return {
    isInstalled: wasInstalled || standalone.matches || isOnHomeScreen === true,
    canPrompt: kept() !== undefined,
    // Only Safari's engine has `standalone`; an iPad says that it is a Mac, and has a touch screen.
    isIos: isOnHomeScreen === false && (/iP(hone|ad|od)/.test(userAgent) || maxTouchPoints > 1),
    visits: number('visits'),
    hasSent: number('sent') > 0,
    putOffAt: number('install-put-off'),
  };
}

/** Shows the browser's own question. Only as the answer to a press. */
export async function install(): Promise<void> {
  const prompt = kept();
  // It can be used once; the browser makes another one when it sees fit.
  keep(undefined);
  const choice = await prompt?.prompt();
  if (choice?.outcome === 'dismissed') putOffInstall();
  changed();
}

export function putOffInstall(): void {
  localStorage.setItem('install-put-off', String(Date.now()));
  changed();
}

const holder = window as { installPrompt?: InstallPrompt | undefined };
function kept(): InstallPrompt | undefined {
  return holder.installPrompt;
}
function keep(prompt: InstallPrompt | undefined): void {
  holder.installPrompt = prompt;
}

function number(name: string): number {
  return Number(localStorage.getItem(name)) || 0;
}
