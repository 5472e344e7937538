/**
 * The tables, and how an older file becomes a newer one. Migrations are only ever appended, and run in one transaction:
 * a crash inside leaves the old schema.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { digestOf, emptyDigest, plus, type Digest } from '../protocol/digest.ts';
import { drawnSkeleton } from '../protocol/nick-skeleton.ts';
import type { Message } from '../protocol/requests.ts';
import { leaveInPeace } from './sqlite-schema-peers.ts';

type Migration = string | ((db: DatabaseSync) => void);

const migrations: Migration[] = [
  `
  CREATE TABLE life (epoch TEXT NOT NULL) STRICT;

  -- A freed nick has no skeleton; its person stays, as the label of old messages.
  CREATE TABLE person (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    nick TEXT NOT NULL,
    lower_nick TEXT NOT NULL,             -- to sort and search by
    skeleton TEXT UNIQUE,
    last_seen TEXT,
    first_tag TEXT NOT NULL,              -- of position 0: an empty inbox has a cursor too
    head INTEGER NOT NULL DEFAULT 0,      -- last position of the inbox
    delivered_to INTEGER NOT NULL DEFAULT 0  -- last position that a device of theirs has stored
  ) STRICT;

  CREATE INDEX person_lower_nick ON person(lower_nick) WHERE skeleton IS NOT NULL;

  CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person,
    attempt TEXT,                         -- key of the sign-in, so that a lost answer can be asked for again
    began_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_person ON session(person);
  CREATE INDEX session_attempt ON session(attempt) WHERE attempt IS NOT NULL;

  CREATE TABLE conversation (
    n INTEGER PRIMARY KEY,
    a INTEGER NOT NULL REFERENCES person,  -- a <= b; the same for notes to oneself
    b INTEGER NOT NULL REFERENCES person,
    last_seq INTEGER NOT NULL DEFAULT 0,
    UNIQUE (a, b)
  ) STRICT;
  CREATE INDEX conversation_b ON conversation(b);

  CREATE TABLE message (
    n INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversation,
    seq INTEGER NOT NULL,
    sender INTEGER NOT NULL REFERENCES person,
    recipient INTEGER NOT NULL REFERENCES person,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    composed_at TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    UNIQUE (sender, id),
    UNIQUE (conversation, seq)
  ) STRICT;

  -- The log. An event is a message or a receipt; a superseded receipt has neither, and keeps its place and tag.
  CREATE TABLE inbox (
    person INTEGER NOT NULL,
    position INTEGER NOT NULL,
    tag TEXT NOT NULL,
    message INTEGER REFERENCES message,
    receipt TEXT,
    PRIMARY KEY (person, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE progress (
    conversation INTEGER NOT NULL REFERENCES conversation,
    person INTEGER NOT NULL REFERENCES person,
    delivered INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,
    told_peer INTEGER,                    -- position of the last receipt in the other's inbox
    told_self INTEGER,                    -- and in one's own
    PRIMARY KEY (conversation, person)
  ) STRICT, WITHOUT ROWID;
  `,
  addDigests,
  `
  -- Retention: the events of an inbox up to this position are gone, but for the place and tag of that one.
  ALTER TABLE person ADD COLUMN pruned_to INTEGER NOT NULL DEFAULT 0;
  -- The texts of its messages up to this seq are gone, and
  ALTER TABLE conversation ADD COLUMN pruned_to INTEGER NOT NULL DEFAULT 0;
  -- those of all messages up to this number.
  ALTER TABLE life ADD COLUMN pruned_to INTEGER NOT NULL DEFAULT 0;
  `,
  leaveInPeace,
  `
  -- A session is a device: by what name it goes, and when it was last used. Its id says nothing of its token.
  ALTER TABLE session ADD COLUMN id TEXT;
  ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
  ALTER TABLE session ADD COLUMN used_at TEXT NOT NULL DEFAULT '';
  UPDATE session SET id = lower(hex(randomblob(16))), used_at = began_at;
  CREATE UNIQUE INDEX session_id ON session(id);

  -- Nicks that nobody may take until then.
  CREATE TABLE quarantine (skeleton TEXT PRIMARY KEY, until TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- The last look for nicks that were given up; and no nick is freed before
  ALTER TABLE life ADD COLUMN swept_at TEXT;
  ALTER TABLE life ADD COLUMN hold_until TEXT;

  -- Of a deleted person: up to the message of this id their texts are gone; '~', behind every id, once all are.
  ALTER TABLE person ADD COLUMN erased_to TEXT;
  CREATE INDEX person_erased ON person(n) WHERE erased_to < '~';
  -- What a message whose text was taken away adds to the digest.
  ALTER TABLE message ADD COLUMN erased TEXT;
  `,
  addDrawn,
];

/** Brings the file up to date, or to an earlier schema for those who test. Throws if it was made by a newer version. */
export function migrate(db: DatabaseSync, upTo = migrations.length): void {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length) {
    throw new Error(
      'The data folder was made by a newer version of OpenTalk; start that one, or another folder.',
    );
  }
  if (version >= upTo) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of migrations.slice(version, upTo)) {
      if (typeof migration === 'string') db.exec(migration);
      else migration(db);
    }
    if (version === 0) db.prepare('INSERT INTO life (epoch) VALUES (?)').run(newEpoch());
    db.exec(`PRAGMA user_version = ${upTo}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** What a nick looks like in its capitals. Who has one already that looks like another's keeps it. */
function addDrawn(db: DatabaseSync): void {
  db.exec(`
    ALTER TABLE person ADD COLUMN drawn TEXT;
    ALTER TABLE quarantine ADD COLUMN drawn TEXT;
    CREATE INDEX person_drawn ON person(drawn) WHERE skeleton IS NOT NULL;
    CREATE INDEX quarantine_drawn ON quarantine(drawn);`);
  const update = db.prepare('UPDATE person SET drawn = ? WHERE n = ?');
  for (const row of db.prepare('SELECT n, nick FROM person').all()) {
    update.run(drawnSkeleton(String(row['nick'])), row['n']!);
  }
}

/** Each message keeps the digest of its conversation up to it, and each conversation that of the last. */
function addDigests(db: DatabaseSync): void {
  db.exec(`
    ALTER TABLE conversation ADD COLUMN digest TEXT NOT NULL DEFAULT '${emptyDigest}';
    ALTER TABLE message ADD COLUMN digest TEXT NOT NULL DEFAULT '${emptyDigest}';`);
  const all = db.prepare(`
    SELECT m.n, m.conversation, m.seq, f.id AS fromId, m.id, m.text FROM message m JOIN person f ON f.n = m.sender
    WHERE m.n > ? ORDER BY m.n LIMIT 1000`);
  const ofMessage = db.prepare('UPDATE message SET digest = ? WHERE n = ?');
  const ofConversation = db.prepare('UPDATE conversation SET digest = ? WHERE n = ?');
  const sums = new Map<number, Digest>();
  type Row = Pick<Message, 'seq' | 'fromId' | 'id' | 'text'> & { n: number; conversation: number };
  // Numbered as they were accepted, so that within a conversation they come by seq; in parts, for the memory's sake.
  for (let after = 0; ;) {
    const rows = all.all(after) as unknown as Row[];
    for (const row of rows) {
      const sum = plus(sums.get(row.conversation) ?? emptyDigest, digestOf(row));
      sums.set(row.conversation, sum);
      ofMessage.run(sum, row.n);
      after = row.n;
    }
    if (rows.length === 0) break;
  }
  for (const [conversation, sum] of sums) ofConversation.run(sum, conversation);
}

export function readEpoch(db: DatabaseSync): string {
  return (db.prepare('SELECT epoch FROM life').get() as { epoch: string }).epoch;
}

/** Begins another life of the data: no cursor of an earlier one is good here, and every device looks what is missing. */
export function beginLife(db: DatabaseSync): void {
  db.prepare('UPDATE life SET epoch = ?').run(newEpoch());
}

/** Why this file is not data that this version can take; undefined if it is. */
export function strangeness(db: DatabaseSync): 'foreign' | 'newer' | undefined {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  const life = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'life'").get();
  if (!life || version < 1) return 'foreign';
  return version > migrations.length ? 'newer' : undefined;
}

function newEpoch(): string {
  return BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .slice(0, 12);
}
