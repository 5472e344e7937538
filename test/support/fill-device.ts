/** Puts rows into the database of whoever is signed in on a page, faster than any network would bring them. */
import type { Page } from 'playwright';
import type { FullDevice } from './full-device.ts';

/** So many rows go to the page at a time. */
const sliceSize = 10_000;

/** The app must not be connected: the server knows nothing of what is put here. */
export async function fillDevice(page: Page, device: FullDevice): Promise<void> {
  const { messages, ...small } = device;
  await put(page, small);
  for (let from = 0; from < messages.length; from += sliceSize) {
    await put(page, { messages: messages.slice(from, from + sliceSize) });
  }
}

/** As text, which crosses into the page many times faster than objects do. */
async function put(page: Page, stores: Partial<FullDevice>): Promise<void> {
  await page.evaluate(async (json) => {
    const rows = JSON.parse(json) as Record<string, unknown[]>;
    const all = await indexedDB.databases();
    const name = all.map((each) => each.name!).find((each) => /^opentalk-[0-9a-f-]{36}$/.test(each))!;
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(new Error('The database does not open.'));
      opening.onsuccess = () => {
        const db = opening.result;
        const tx = db.transaction(Object.keys(rows), 'readwrite', { durability: 'relaxed' });
        for (const [store, values] of Object.entries(rows)) {
          for (const value of values) tx.objectStore(store).put(value);
        }
        tx.onabort = () => reject(new Error('The rows do not fit.'));
        tx.oncomplete = () => {
          db.close();
          resolve();
        };
      };
    });
  }, JSON.stringify(stores));
}
