/**
 * Keeps some file descriptors back: once none is left a connection is accepted only to be torn down, and nothing tells
 * the operator. Those who have a connection go on; who comes anew is let go at once, and tries again later.
 */
import type { Server } from 'node:http';
import process from 'node:process';
import type { Logger } from 'pino';

/** For the store's files and whatever else this process opens. */
const keptBack = 64;
/** Drops that are closer together than this are the same episode. */
const quietMs = 60_000;

export function limitConnections(server: Server, logger: Logger, now: () => Date): void {
  const descriptors = mostDescriptors();
  if (descriptors === undefined) return;
  server.maxConnections = Math.max(descriptors - keptBack, Math.floor(descriptors / 2));
  let droppedAt = -Infinity;
  server.on('drop', () => {
    const at = now().getTime();
    if (Math.abs(at - droppedAt) > quietMs) {
      logger.warn(
        { connections: server.maxConnections },
        'no room for more connections: raise the limit of open files (ulimit -n) if that is too few',
      );
    }
    droppedAt = at;
  });
}

/** How many files this process may have open; undefined if there is no such limit. */
function mostDescriptors(): number | undefined {
  // Else it looks up names. (Not in the types yet.)
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: unknown } } };
  const most = userLimits?.open_files?.soft;
  return typeof most === 'number' ? most : undefined;
}
