/**
 * Thousands of connections that open within seconds leave garbage behind that is four times what they need themselves,
 * and V8 lets it lie for as long as nothing else happens. So it is asked to tidy up once the rush is over, when a pause
 * of some hundredths of a second disturbs the fewest.
 */
import type { Server } from 'node:http';
import { Session } from 'node:inspector';

const lookEveryMs = 3_000;
/** So many new connections between two looks are a rush, */
const rush = 500;
/** and it is over when fewer than this part of them come. */
const calm = 1 / 4;

/** Until the server closes. */
export function tidyAfterRush(server: Server, tidy: () => void = collectGarbage): void {
  let opened = 0;
  let biggest = 0;
  server.on('connection', () => (opened += 1));
  const timer = setInterval(() => {
    if (biggest > 0 && opened < biggest * calm) {
      biggest = 0;
      tidy();
    } else if (opened >= rush) biggest = Math.max(biggest, opened);
    opened = 0;
  }, lookEveryMs);
  timer.unref();
  server.once('close', () => clearInterval(timer));
}

/**
 * Node shows it only to who asks like a debugger. V8 does it a moment later, and not at all for who has gone by then; and
 * who goes while being answered hangs the process.
 */
function collectGarbage(): void {
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage', () => setImmediate(() => session.disconnect()));
}
