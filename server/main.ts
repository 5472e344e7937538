/**
 * Config → parts → listen → orderly shutdown; nothing else.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import { startServer } from './start-server.ts';

const reading = readConfig(process.env);
if (!reading.ok) {
  console.error(['OpenTalk cannot start. Please mend these settings:', ...reading.problems].join('\n  - '));
  process.exit(1);
}
const { config } = reading;
const logger = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });

const pageFolder = path.join(import.meta.dirname, '..', 'dist');
if (!existsSync(path.join(pageFolder, 'index.html'))) {
  console.error(
    'OpenTalk cannot start: the page is not built yet. Run `npm run build`, or `npm start` for both.',
  );
  process.exit(1);
}

try {
  const server = await startServer({ config, logger, pageFolder, onFatal: () => process.exit(1) });
  logger.info({ url: server.url }, 'OpenTalk is ready');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'shutting down');
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'the shutdown failed');
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(`OpenTalk cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
