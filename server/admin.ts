/**
 * `npm run admin -- …`: what an operator needs, on the data itself, also while the server runs; it notices a ban by itself.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { readDataDir, readDatabaseUrl } from './config.ts';
import { tell } from './copy-command.ts';
import { beginNewLife, openPostgresAdmin } from './store/postgres-admin.ts';
import { openAdmin } from './store/sqlite-admin.ts';
import { CannotCopy } from './store/sqlite-copy.ts';

const usage = `Say what to do: npm run admin -- …
  people [search]          who has a nick, on how many devices
  devices <nick>           since when each of their devices is signed in
  reports [--all]          what was reported and is open
  report <id> [--done]     one report, with the texts that were handed over; --done ends it
  ban <nick> [--days N]    keeps a person out; their nick stays theirs
  unban <nick>
  audit                    what was done with this command, when and by whom
  new-life                 with DATABASE_URL, after the database was put back to an earlier time`;

type Admin = ReturnType<typeof openAdmin> | Awaited<ReturnType<typeof openPostgresAdmin>>;

const operator = userInfo().username;
const now = () => new Date();

await tell('command', async () => {
  const { words, days, all, done } = readArguments(process.argv.slice(2));
  const url = readDatabaseUrl(process.env);
  if (words[0] === 'new-life') {
    if (words.length > 1) throw new CannotCopy(usage);
    if (url === undefined) throw new CannotCopy('npm run restore begins a new life by itself.');
    await beginNewLife(url, operator, now);
    return ['A new life has begun: every device will bring back what it has and the database has not.'];
  }
  const admin =
    url === undefined
      ? openAdmin(readDataDir(process.env), operator, now)
      : await openPostgresAdmin(url, operator, now);
  try {
    return await run(admin, words, { days, all, done });
  } finally {
    await admin.close();
  }
});

async function run(
  admin: Admin,
  [command, about, ...more]: string[],
  { days, all, done }: { days: number | undefined; all: boolean; done: boolean },
): Promise<string[]> {
  if (more.length > 0) throw new CannotCopy(usage);
  const named = () => {
    if (about === undefined) throw new CannotCopy(usage);
    return about;
  };
  switch (command) {
    case 'people':
      return listed(
        (await admin.people(about ?? '')).map(({ nick, devices, lastSeen, bannedUntil }) => {
          const banned =
            bannedUntil === null
              ? ''
              : `, banned ${bannedUntil === '' ? 'for good' : `until ${bannedUntil}`}`;
          return `${nick}: ${devices} devices, last seen ${lastSeen ?? 'never'}${banned}`;
        }),
        'Nobody.',
      );
    case 'devices':
      return listed(
        (await admin.devices(named())).map((since) => `signed in since ${since}`),
        'None.',
      );
    case 'reports':
      return listed(
        (await admin.reports(all)).map(
          ({ n, at, reason, reporter, reported, done: end }) =>
            `${n}: ${at} ${reporter} about ${reported}: ${reason}${end === null ? '' : `, done ${end}`}`,
        ),
        'No reports.',
      );
    case 'report': {
      const n = wholeNumber(named());
      if (done) {
        await admin.endReport(n);
        return [`Report ${n} is done.`];
      }
      const { at, reason, reporter, reported, note, messages } = await admin.report(n);
      return [
        `${at} ${reporter} about ${reported}: ${reason}`,
        ...(note === '' ? [] : [`Note: ${shown(note)}`]),
        ...messages.map(({ from, acceptedAt, text }) => `${acceptedAt} ${from}: ${shown(text)}`),
      ];
    }
    case 'ban': {
      const until = await admin.ban(named(), days);
      return [`${about} is banned ${until === undefined ? 'for good' : `until ${until}`}.`];
    }
    case 'unban':
      await admin.unban(named());
      return [`${about} may come back.`];
    case 'audit':
      return listed(
        (await admin.audit()).map(({ at, who, what }) => `${at} ${who} ${what}`),
        'Nothing yet.',
      );
    default:
      throw new CannotCopy(usage);
  }
}

function readArguments(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { days: { type: 'string' }, all: { type: 'boolean' }, done: { type: 'boolean' } },
    });
    return {
      words: positionals,
      days: values.days === undefined ? undefined : wholeNumber(values.days),
      all: values.all === true,
      done: values.done === true,
    };
  } catch (error) {
    if (error instanceof CannotCopy) throw error;
    throw new CannotCopy(usage, { cause: error });
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new CannotCopy(`'${text}' is not a whole number from 1 to 99999.`);
  return Number(text);
}

/** As one line of JSON: what somebody wrote must not steer the operator's terminal. */
function shown(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (each) => `\\u${each.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

function listed(lines: string[], none: string): string[] {
  return lines.length > 0 ? lines : [none];
}
