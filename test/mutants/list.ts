/**
 * Mistakes that somebody could make, each against what a promise rests on, and the tests that must notice. `from` stands
 * exactly once in its file; test/mutants.test.ts sees to that, so that the list keeps up with the code.
 */
export interface Mutant {
  name: string;
  promise: 'durable' | 'once' | 'in order' | 'gap-free' | 'never dropped' | 'bounded' | 'the door';
  file: string;
  from: string;
  to: string;
  /** Test files; the first that fails is the one that noticed. */
  by: readonly string[];
}

const contract = 'test/server/sqlite-store.test.ts';
const model = 'test/faults/model.test.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'a disk that fails counts as one that is full',
    promise: 'durable',
    file: 'server/store/sqlite-commit.ts',
    from: 'if (fault === undefined) throw error;',
    to: "if (fault === undefined) return batch.map(() => ({ fault: { kind: 'full', message: '' } }));",
    by: ['test/server/sqlite-commit.test.ts'],
  },
  {
    name: 'an error in a batch undoes its neighbours',
    promise: 'durable',
    file: 'server/store/sqlite-commit.ts',
    from: 'inTransaction(() => batch.map((command) => runApart(command)))',
    to: "batch.map(() => ({ fault: { kind: 'bug', message: '' } }))",
    by: ['test/server/sqlite-commit.test.ts', contract],
  },
  {
    name: 'what failed half-way is kept',
    promise: 'once',
    file: 'server/store/sqlite-commit.ts',
    from: "db.exec('ROLLBACK TO command; RELEASE command');",
    to: "db.exec('RELEASE command');",
    by: ['test/server/sqlite-commit.test.ts', contract],
  },
  {
    name: 'nobody looks whether a message is there already',
    promise: 'once',
    file: 'server/store/sqlite-append.ts',
    from: 'if (earlier) {',
    to: "if (earlier && draft.id === '') {",
    by: [contract],
  },
  {
    name: 'another text under the same id passes for the same message',
    promise: 'once',
    file: 'server/store/sqlite-append.ts',
    from: 'return isSamePerson && earlier.text === draft.text;',
    to: 'return isSamePerson;',
    by: [contract],
  },
  {
    name: 'each try sends a message under a new id',
    promise: 'once',
    file: 'client/store/outbox.ts',
    from: 'return { id, to, toId, text, composedAt };',
    to: 'return { id: crypto.randomUUID(), to, toId, text, composedAt };',
    by: ['test/client/outbox.test.ts'],
  },
  {
    name: 'everybody flushes at the same time',
    promise: 'in order',
    file: 'client/store/flush-turn.ts',
    from: 'locks()!.request(`outbox-${db.personId}`, options',
    to: 'locks()!.request(`outbox-${Math.random()}`, options',
    by: ['test/client/outbox.test.ts', 'test/client/flush-turn.test.ts'],
  },
  {
    name: 'the newest goes out first',
    promise: 'in order',
    file: 'client/store/outbox.ts',
    from: "index('status').openCursor(queued)",
    to: "index('status').openCursor(queued, 'prev')",
    by: ['test/client/outbox.test.ts'],
  },
  {
    name: 'what the server lost is queued behind what waits',
    promise: 'in order',
    file: 'client/store/reoffer.ts',
    from: 'let next = Math.min(first, 0) - oldestFirst.length;',
    to: 'let next = 1_000_000 + first;',
    by: ['test/client/restored.test.ts', model],
  },
  {
    name: 'a resume leaves out an event',
    promise: 'gap-free',
    file: 'server/store/sqlite-read-inbox.ts',
    from: 'WHERE i.person = ? AND i.position > ?',
    to: 'WHERE i.person = ? AND i.position > 1 + ?',
    by: [contract],
  },
  {
    name: 'the tag of a cursor is not looked at',
    promise: 'gap-free',
    file: 'server/store/sqlite-read-inbox.ts',
    from: "return cursor === idAt(person, id.position) ? undefined : 'restored';",
    to: 'return undefined;',
    by: [contract],
  },
  {
    name: 'who has fallen behind what is kept is not told',
    promise: 'gap-free',
    file: 'server/store/sqlite-read-inbox.ts',
    from: "if (id.position < firstKept - 1) return 'retention';",
    to: '',
    by: [contract],
  },
  {
    name: 'news between reading and waiting is missed',
    promise: 'gap-free',
    file: 'server/inbox/follow-inbox.ts',
    from: 'await listening.changeFrom(signals);',
    to: 'await listening.changeFrom(listening.count());',
    by: ['test/server/follow-inbox.test.ts'],
  },
  {
    name: 'the cursor moves on before its event is stored',
    promise: 'gap-free',
    file: 'client/store/timeline.ts',
    from: '  await db.write([...inboxStores], async (tx) => {',
    to: "  await db.write(['meta'], (tx) => tx.objectStore('meta').put(cursor, 'cursor'));\n  await db.write([...inboxStores], async (tx) => {",
    by: ['test/client/database.test.ts', 'test/client/outbox.test.ts', model],
  },
  {
    name: 'a bare carriage return in a text ends a line of the stream',
    promise: 'gap-free',
    file: 'server/realtime/event-stream.ts',
    from: '\\ndata: ${json}\\n\\n`;',
    to: "\\ndata: ${json.replaceAll('\\\\r', '\\r')}\\n\\n`;",
    by: [
      'test/faults/stream-format.test.ts',
      'test/faults/stream-bytes.test.ts',
      'test/server/event-stream.test.ts',
    ],
  },
  {
    name: 'a connection without a word is believed in',
    promise: 'gap-free',
    file: 'server/protocol/events.ts',
    from: 'export const silentHeartbeats = 2.5;',
    to: 'export const silentHeartbeats = 1e9;',
    by: ['test/client/connection-state.test.ts', model],
  },
  {
    name: 'after a restore nobody walks back',
    promise: 'gap-free',
    file: 'client/store/snapshot.ts',
    from: 'return reason !== undefined;',
    to: 'return false;',
    by: ['test/client/restored.test.ts'],
  },
  {
    name: 'what was answered counts as confirmed without its echo',
    promise: 'gap-free',
    file: 'client/store/outbox.ts',
    from: 'else settled.unconfirmedSince = now;',
    to: 'else delete settled.unconfirmedSince;',
    by: ['test/client/restored.test.ts', 'test/client/outbox.test.ts'],
  },
  {
    name: 'the order does not count in the digest',
    promise: 'gap-free',
    file: 'server/protocol/digest.ts',
    from: '`${seq} ${fromId} ${id} ${text}`',
    to: '`${fromId} ${id} ${text}`',
    by: ['test/protocol/digest.test.ts'],
  },
  {
    name: 'a message leaves the outbox before its answer',
    promise: 'never dropped',
    file: 'client/store/outbox.ts',
    from: 'await cursor.update(row);',
    to: 'await cursor.delete();',
    by: ['test/client/outbox.test.ts'],
  },
  {
    name: 'the page of a captive portal counts as an answer',
    promise: 'never dropped',
    file: 'client/store/submit-messages.ts',
    from: "{ kind: 'answered', results: parsed.output.results } : notOurs;",
    to: "{ kind: 'answered', results: parsed.output.results } : { kind: 'answered', results: drafts.map(({ id }) => ({ id, status: 'accepted', message: { seq: 1, acceptedAt: '' } })) };",
    by: ['test/client/outbox.test.ts', model],
  },
  {
    name: 'a refusal by who is not our server counts',
    promise: 'never dropped',
    file: 'client/store/submit-messages.ts',
    from: 'if (refusal && status >= 400 && !meansLater)',
    to: 'if (status >= 400 && !meansLater)',
    by: ['test/client/outbox.test.ts', model],
  },
  {
    name: 'a refused message takes the others of its batch along',
    promise: 'never dropped',
    file: 'client/store/flush-outbox.ts',
    from: 'if (batch.length === 1) await failMessage(db, first, submission.refusal);',
    to: 'for (const row of batch) await failMessage(db, row, submission.refusal);',
    by: ['test/client/outbox.test.ts'],
  },
  {
    name: 'making room takes what the server may not have',
    promise: 'never dropped',
    file: 'client/store/prune-history.ts',
    from: 'seq !== undefined && unconfirmedSince === undefined && !kept.has(id),',
    to: 'seq !== undefined || unconfirmedSince === undefined || !kept.has(id),',
    by: ['test/client/prune-history.test.ts'],
  },
  {
    name: 'a slow reader is written to all the same',
    promise: 'bounded',
    file: 'server/realtime/event-stream.ts',
    from: 'if (this.#write(frames)) return true;',
    to: 'if (this.#write(frames) || true) return true;',
    by: ['test/faults/slow-reader.test.ts', 'test/server/event-stream.test.ts'],
  },
  {
    name: 'what one person wrote goes out as another',
    promise: 'the door',
    file: 'server/http/other-person.ts',
    from: 'if (as !== undefined',
    to: 'if (false && as !== undefined',
    by: ['test/server/http-api.test.ts'],
  },
];
