/** One frame of the event stream. `json` is a single line, so no text in it can forge a line of its own (no raw \n or \r). */
import type { EventKind } from './events.ts';

export function frame(kind: EventKind, json: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${kind}\ndata: ${json}\n\n`;
}
