/** The store that the settings name: on PostgreSQL, which several nodes may share, or embedded in this process. */
import { mkdirSync } from 'node:fs';
import type { EventStore } from './event-store.ts';
import { openPostgresStore } from './postgres-store.ts';
import type { SharedStore } from './shared-store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { StorageNotice } from './storage-watch.ts';

export async function openStore(
  { databaseUrl, dataDir }: { databaseUrl: string | undefined; dataDir: string },
  reports: { onFatal: (error: Error) => void; onNotice: (notice: StorageNotice) => void },
): Promise<EventStore | SharedStore> {
  if (databaseUrl !== undefined) return openPostgresStore({ url: databaseUrl, ...reports });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return openSqliteStore({ dataDir, ...reports });
}
