/**
 * Finds out who is signed in where the device has forgotten it: browsers clear storage and leave the cookies. A cookie
 * that says only that there is a session (`ot-known`, from the server) tells such a device from one that never signed
 * in, which does not ask.
 */
import { nextDelayMs, streamBackoff } from '../server/protocol/backoff.ts';
import { personSchema, type Person } from '../server/protocol/requests.ts';
import { parse } from '../server/protocol/schema.ts';
import { readSession } from './session.ts';

const hint = /(?:^|; )ot-known=/;

/** There is reason to ask. */
export function mayBeSignedIn(): boolean {
  return hint.test(document.cookie) || localStorage.getItem('known') !== null;
}

/**
 * Who was shown here last, kept where it is read at once: to open a database first just to learn that is a third of a
 * start without a network. index.html looks for it too, before the first paint.
 */
export function readHint(): Person | undefined {
  try {
    return parse(personSchema, JSON.parse(localStorage.getItem('known') ?? 'null'));
  } catch {
    return undefined; // of another version; then the database is asked
  }
}

export function writeHint(me: Person): void {
  localStorage.setItem('known', JSON.stringify(me));
}

/** Asks until the server answers. Undefined when nobody is signed in; `onUnreachable` each time it has to wait. */
export async function restoreSession(onUnreachable: () => void): Promise<Person | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    const session = await readSession();
    if (session.kind === 'signed-in') return session.me;
    if (session.kind === 'signed-out') {
      forgetHint();
      return undefined;
    }
    onUnreachable();
    await online(nextDelayMs(attempt, Math.random(), streamBackoff));
  }
}

export function forgetHint(): void {
  localStorage.removeItem('known');
  document.cookie = 'ot-known=; path=/; max-age=0; samesite=strict';
}

/** After `delayMs`, or as soon as the browser says that there is a network. */
function online(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    addEventListener('online', done);
  });
}
