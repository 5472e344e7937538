/** The worker's flush: of whoever is signed in on this device, by the module that the page uses too. */
import { Database } from '../client/store/database.ts';
import { readIdentity } from '../client/store/device.ts';
import { flushOutbox, type FlushEnd } from '../client/store/flush-outbox.ts';

let open: Database | undefined;

export async function flushOnce(): Promise<FlushEnd | undefined> {
  const me = await readIdentity();
  if (!me) return undefined;
  if (open?.personId !== me.id) {
    await open?.close();
    open = new Database(me.id);
  }
  return flushOutbox(open);
}
