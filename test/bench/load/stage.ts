/**
 * What is in OpenTalk's store before the server starts: people who are signed in, with their nick for a token, and
 * messages. It goes through the store itself and no HTTP. A stage is built once, and copied for each run.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EventStore } from '../../../server/store/event-store.ts';
import { openSqliteStore, type SqliteStore } from '../../../server/store/sqlite-store.ts';
import { nickOf, textOf, uuidOf } from './names.ts';

export interface Stage {
  people: number;
  /** Messages of each to the neighbour before the cursors are taken. */
  olderEach?: number;
  /** And after. */
  newerEach?: number;
  /** Notes of the first person to themselves; their cursor is taken in the middle. */
  notes?: number;
}

const draftsAtOnce = 100;
const callsAtOnce = 64;
const at = new Date(0).toISOString();

/** Puts the stage into an empty folder, and answers the cursor of each person. */
export async function setStage(stage: Stage, built: string, folder: string): Promise<string[]> {
  const template = path.join(built, Object.values(stage).join('-'));
  const cursorFile = path.join(template, 'cursors.json');
  if (!existsSync(template)) {
    const making = `${template}.making`;
    mkdirSync(making);
    const cursors = await build(stage, making);
    writeFileSync(path.join(making, 'cursors.json'), JSON.stringify(cursors));
    renameSync(making, template);
  }
  cpSync(template, folder, { recursive: true });
  return JSON.parse(readFileSync(cursorFile, 'utf8')) as string[];
}

async function build(
  { people, olderEach = 0, newerEach = 0, notes = 0 }: Stage,
  folder: string,
): Promise<string[]> {
  const store = await openSqliteStore({
    dataDir: folder,
    onFatal(error) {
      throw error;
    },
  });
  try {
    const ids = await Promise.all(
      Array.from({ length: people }, (_, person) => signIn(store, nickOf(person))),
    );
    const write = async (each: number, from: number) => {
      await sideBySide(people, (person) =>
        send(store, ids[person]!, person, (person + people - 1) % people, from, each),
      );
    };
    await write(olderEach, 1);
    await note(1, Math.floor(notes / 2));
    const cursors = await Promise.all(ids.map((id) => store.head(id)));
    await note(Math.floor(notes / 2) + 1, notes);
    await write(newerEach, olderEach + 1);
    return cursors;

    async function note(first: number, last: number): Promise<void> {
      const parts = Math.ceil((last - first + 1) / draftsAtOnce);
      await sideBySide(parts, (part) => {
        const from = first + part * draftsAtOnce;
        return send(store, ids[0]!, 0, 0, from, Math.min(draftsAtOnce, last - from + 1));
      });
    }
  } finally {
    await store.close();
  }
}

async function send(
  store: SqliteStore,
  senderId: string,
  sender: number,
  recipient: number,
  first: number,
  count: number,
): Promise<void> {
  for (let done = 0; done < count; done += draftsAtOnce) {
    const drafts = Array.from({ length: Math.min(draftsAtOnce, count - done) }, (_, index) => {
      const number = first + done + index;
      return { id: uuidOf(sender, number), to: nickOf(recipient), text: textOf(number), composedAt: at };
    });
    const { results } = await store.append(senderId, drafts, at);
    if (results.some(({ status }) => status !== 'accepted'))
      throw new Error('The stage took not every message.');
  }
}

export async function signIn(store: Pick<EventStore, 'signIn'>, nick: string): Promise<string> {
  const outcome = await store.signIn({ nick, tokenHash: tokenHashOf(nick), at });
  if (outcome.kind !== 'signed-in') throw new Error(`${nick} could not sign in.`);
  return outcome.me.id;
}

/** Whoever is signed in so has their nick for a token. */
export function tokenHashOf(nick: string): string {
  return createHash('sha256').update(nick).digest('base64url');
}

/** Each of `count`, some of them at a time, so that they share commits and do not all wait in memory. */
async function sideBySide(count: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await act(index);
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, worker));
}
