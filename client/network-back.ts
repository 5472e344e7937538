/** Waiting for the network, by somebody who will ask again in any case. */

/** After `delayMs`, or as soon as the browser says that there is a network. */
export function networkBack(delayMs: number): Promise<void> {
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
