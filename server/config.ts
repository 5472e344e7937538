/**
 * The settings: environment variables in, a Config out, or the list of everything that is wrong with them.
 * Reads nothing but what it is given; an empty variable counts as unset.
 */

export interface Config {
  port: number;
  host: string;
  dataDir: string;
  /** Of PostgreSQL, which then takes the place of the data folder. */
  databaseUrl: string | undefined;
  /** Where the nodes of one database hear each other; unset for a single node. */
  redisUrl: string | undefined;
  /** Origin under which people reach this server, without a slash at the end; unset: whatever `Host` says. */
  publicUrl: string | undefined;
  /** Where Prometheus asks; undefined for nowhere. */
  metricsPort: number | undefined;
  metricsHost: string;
  /** How many proxies in front may be believed about addresses and https; 0 for none. */
  trustProxy: number;
  rateLimits: boolean;
  /** False takes the service worker away from every browser that comes by. */
  serviceWorker: boolean;
  heartbeatMs: number;
  /** A stream is ended and resumed on purpose after a random time between this and 1.5 x this. */
  streamLifetimeMs: number;
  logLevel: LogLevel;
  /** Undefined for ever. */
  keepMessagesMs: number | undefined;
  keepEventsMs: number | undefined;
  /** A nick is held while one of its devices was seen in so long. */
  holdNicksMs: number;
  /** A nick that was given up so is nobody's for so long. */
  quarantineNicksMs: number;
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

export type ConfigReading = { ok: true; config: Config } | { ok: false; problems: string[] };

export function readConfig(environment: Record<string, string | undefined>): ConfigReading {
  const problems: string[] = [];
  const setting = (name: string) => environment[name] || undefined;

  function wholeNumber(name: string, fallback: number, lowest: number, highest: number): number {
    const text = setting(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    problems.push(`${name} must be a whole number from ${lowest} to ${highest}, not '${text}'.`);
    return fallback;
  }

  function days(name: string): number | undefined {
    return setting(name) === undefined ? undefined : 86_400_000 * wholeNumber(name, 1, 1, 36_500);
  }

  function oneOf<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const text = setting(name);
    if (text === undefined) return fallback;
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) problems.push(`${name} must be one of ${choices.join(', ')}, not '${text}'.`);
    return choice ?? fallback;
  }

  const databaseUrl = checkDatabaseUrl(readDatabaseUrl(environment), problems);
  if (setting('TEST_FAILPOINT'))
    problems.push('TEST_FAILPOINT makes the server kill itself: only tests do that.');
  const keepMessages = days('KEEP_MESSAGES_DAYS');
  const keepEvents = days('KEEP_EVENTS_DAYS');
  if (keepMessages !== undefined && keepEvents !== undefined && keepEvents > keepMessages) {
    problems.push('KEEP_EVENTS_DAYS must not be more than KEEP_MESSAGES_DAYS: an event is of a message.');
  }
  const config: Config = {
    port: wholeNumber('PORT', 8080, 0, 65_535),
    host: setting('HOST') ?? '0.0.0.0',
    dataDir: readDataDir(environment),
    databaseUrl,
    redisUrl: readRedisUrl(setting('REDIS_URL'), readDatabaseUrl(environment), problems),
    publicUrl: readPublicUrl(setting('PUBLIC_URL'), problems),
    metricsPort:
      setting('METRICS_PORT') === undefined ? undefined : wholeNumber('METRICS_PORT', 0, 0, 65_535),
    metricsHost: setting('METRICS_HOST') ?? '127.0.0.1',
    trustProxy: wholeNumber('TRUST_PROXY', 0, 0, 10),
    rateLimits: oneOf('RATE_LIMIT', ['on', 'off'], 'on') === 'on',
    serviceWorker: oneOf('SERVICE_WORKER', ['on', 'off'], 'on') === 'on',
    heartbeatMs: 1_000 * wholeNumber('HEARTBEAT_SECONDS', 15, 1, 60),
    streamLifetimeMs: 1_000 * wholeNumber('STREAM_SECONDS', 600, 5, 86_400),
    logLevel: oneOf('LOG_LEVEL', logLevels, 'info'),
    keepMessagesMs: keepMessages,
    keepEventsMs: keepEvents,
    holdNicksMs: 86_400_000 * wholeNumber('HOLD_NICKS_DAYS', 30, 1, 36_500),
    quarantineNicksMs: 86_400_000 * wholeNumber('QUARANTINE_NICKS_DAYS', 90, 1, 36_500),
  };
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

/** Also for the commands that need no other setting. */
export function readDataDir(environment: Record<string, string | undefined>): string {
  return environment['DATA_DIR'] || 'data';
}

function readRedisUrl(
  text: string | undefined,
  databaseUrl: string | undefined,
  problems: string[],
): string | undefined {
  if (text === undefined) return undefined;
  // It may hold a password, so it is not repeated.
  if (!/^rediss?:$/.test(URL.parse(text)?.protocol ?? ''))
    problems.push('REDIS_URL must be an address like redis://redis.example.org:6379.');
  if (databaseUrl === undefined)
    problems.push('REDIS_URL is for several nodes, and these share a database: set DATABASE_URL too.');
  return text;
}

export function readDatabaseUrl(environment: Record<string, string | undefined>): string | undefined {
  return environment['DATABASE_URL'] || undefined;
}

/** Its password is not repeated: what is wrong here stands in a log. */
function checkDatabaseUrl(text: string | undefined, problems: string[]): string | undefined {
  if (text === undefined || isDatabaseUrl(text)) return text;
  problems.push('DATABASE_URL must be an address like postgres://user:password@host:5432/database.');
  return undefined;
}

export function isDatabaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^postgres(?:ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

function readPublicUrl(text: string | undefined, problems: string[]): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isOrigin = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash;
  if (isOrigin && !url.username && !url.password) return url.origin;
  problems.push(
    `PUBLIC_URL must be an address like https://chat.example.org, without a path or password, not '${text}'.`,
  );
  return undefined;
}
