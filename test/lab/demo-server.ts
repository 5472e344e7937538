/**
 * The real server for the demo and the lab: the built page, a data folder that is gone afterwards, no rate limits
 * (everybody comes from one address). Says in a sentence what keeps it from starting.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../server/config.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

export interface DemoSettings {
  port: number;
  host: string;
  seed: number;
}

/** PORT, HOST and SEED; throws a sentence if they make no sense. */
export function readDemoSettings(environment: Record<string, string | undefined>): DemoSettings {
  const { PORT: port, SEED: seed = '' } = environment;
  const reading = readConfig({ PORT: port });
  const problems = reading.ok ? [] : reading.problems;
  if (!/^\d*$/.test(seed)) problems.push(`SEED must be a whole number, not '${seed}'.`);
  if (!reading.ok || problems.length > 0) throw new Error(problems.join('\n'));
  // Only for this machine, unless it is wanted otherwise: anybody may sign in.
  return { port: reading.config.port, host: environment['HOST'] || '127.0.0.1', seed: Number(seed || '1') };
}

export async function startDemoServer(port: number, host = '127.0.0.1'): Promise<TestServer> {
  if (!existsSync(path.join(pageFolder, 'index.html'))) {
    throw new Error('The page is not built yet: run `npm run build` first.');
  }
  return startTestServer({ pageFolder, port, host, logLevel: 'error' });
}

/** Runs until Ctrl-C, and then ends in order; a second Ctrl-C does not wait for that. */
export async function runUntilStopped(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  try {
    const running = await start();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        console.log('\nEnding…');
        running.close().then(
          () => process.exit(0),
          (error: unknown) => {
            console.error(error);
            process.exit(1);
          },
        );
      });
    }
  } catch (error) {
    console.error(sentenceOf(error));
    process.exit(1);
  }
}

function sentenceOf(error: unknown): string {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is in use; set PORT to another.`;
  return error instanceof Error ? error.message : String(error);
}
