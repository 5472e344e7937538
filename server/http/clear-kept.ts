/**
 * What a browser is asked to forget when somebody signs out here or is deleted: what it keeps by itself, such as the page
 * as it was, for its Back button. (W3C Clear Site Data, section 3.1)
 *
 * Not "storage": that would take the worker, the files it keeps for offline starts, and what waits to be sent for persons
 * who used this device before, without asking; the page deletes the database of who leaves by its name. Nor "cookies": it
 * takes those of every neighbour on the same domain; ours are cleared by name.
 */
import type { Response } from 'express';

export function clearKept(response: Response): void {
  response.set('Clear-Site-Data', '"cache"');
}
