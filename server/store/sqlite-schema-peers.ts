/** The migration that lets people be left in peace: requests, blocks, privacy, reports, bans. */
export const leaveInPeace = `
  -- What a person decided about another.
  CREATE TABLE peer (
    person INTEGER NOT NULL REFERENCES person,
    other INTEGER NOT NULL REFERENCES person,
    blocked INTEGER NOT NULL,
    muted INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    PRIMARY KEY (person, other)
  ) STRICT, WITHOUT ROWID;

  -- Seq of the first message of either side; 0 if there is none: then they only were written to.
  ALTER TABLE conversation ADD COLUMN a_first INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversation ADD COLUMN b_first INTEGER NOT NULL DEFAULT 0;
  UPDATE conversation SET
    a_first = coalesce((SELECT seq FROM message m
      WHERE m.conversation = conversation.n AND m.sender = a ORDER BY seq LIMIT 1), 0),
    b_first = coalesce((SELECT seq FROM message m
      WHERE m.conversation = conversation.n AND m.sender = b ORDER BY seq LIMIT 1), 0);

  -- As much of it as the other side was told: not what was read of strangers, or without receipts.
  ALTER TABLE progress ADD COLUMN shown_delivered INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE progress ADD COLUMN shown_read INTEGER NOT NULL DEFAULT 0;
  UPDATE progress SET shown_delivered = delivered, shown_read = read;

  ALTER TABLE person ADD COLUMN receipts INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE person ADD COLUMN typing INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE person ADD COLUMN presence INTEGER NOT NULL DEFAULT 1;
  -- By the operator; empty for good.
  ALTER TABLE person ADD COLUMN banned_until TEXT;
  CREATE INDEX person_banned ON person(banned_until) WHERE banned_until IS NOT NULL;
  CREATE INDEX person_without_presence ON person(id) WHERE presence = 0;
  CREATE INDEX person_without_typing ON person(id) WHERE typing = 0;

  CREATE TABLE report (
    n INTEGER PRIMARY KEY,
    reporter INTEGER NOT NULL REFERENCES person,
    reported INTEGER NOT NULL REFERENCES person,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    messages TEXT NOT NULL,               -- those that were handed over, as JSON
    at TEXT NOT NULL,
    done_at TEXT
  ) STRICT;

  -- What operators did; never what anybody wrote.
  CREATE TABLE audit (
    n INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL
  ) STRICT;
`;
