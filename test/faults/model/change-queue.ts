/**
 * What people do with what waits, and what the checker may then expect. Until it is known how a change ended, and when
 * another tab changes the same, either may be what is sent.
 */
import type { Checker } from '../../support/checker.ts';
import type { Tab } from '../../support/sim/browser.ts';
import type { Action, Run } from './actions.ts';

type QueueAction = Extract<Action, { kind: 'edit' | 'move' | 'delete' | 'retry' }>;

export async function changeQueue(run: Run, owner: Tab | undefined, one: QueueAction): Promise<void> {
  const { checker } = run;
  if (!owner) return;
  const rows = await owner.run(() =>
    owner.engine.db.read(['outbox'], (tx) => tx.objectStore('outbox').getAll()),
  );
  const row = rows[one.which % Math.max(1, rows.length)];
  if (!row || !checker.has(row.text)) return;
  const { id, text, to } = row;
  switch (one.kind) {
    case 'edit': {
      const next = `${owner.browser.me.nick}${one.browser}→${to} ${(run.texts += 1)}`;
      // Until it is known how it ended, either may be what is sent.
      checker.begin(`${one.browser}:${to}`, next);
      const wasKept = doubt(checker, text);
      const outcome = await owner.run(() => owner.chat.edit(id, next));
      if (outcome !== 'changed') {
        checker.setFate(next, 'gone');
        if (wasKept && checker.fate(text) === 'unsure') checker.setFate(text, 'kept');
        return;
      }
      // Another tab may have been quicker, and then it is that one's text which is gone.
      const previous = run.textOf.get(id) ?? text;
      checker.setFate(previous, 'gone');
      if (row.status === 'failed') return checker.keep(next);
      // It is where the other was, and composed when that was.
      checker.takePlace(next, previous);
      checker.setFate(next, run.deleting.has(id) ? 'unsure' : 'kept');
      run.textOf.set(id, next);
      return;
    }
    case 'move': {
      // Its neighbour moves too, and it is not known which that is.
      for (const other of rows) checker.move(other.text);
      await owner.run(() => owner.chat.move(id, one.up ? 'up' : 'down'));
      return;
    }
    case 'delete': {
      const wasKept = doubt(checker, run.textOf.get(id) ?? text);
      run.deleting.add(id);
      const outcome = await owner.run(() => owner.chat.remove(id));
      run.deleting.delete(id);
      const current = run.textOf.get(id) ?? text;
      if (outcome === 'changed') checker.setFate(current, 'gone');
      if (outcome === 'tried') checker.setFate(current, 'given-up');
      if (outcome === 'gone' && wasKept && checker.fate(current) === 'unsure')
        checker.setFate(current, 'kept');
      return;
    }
    case 'retry': {
      if (row.status !== 'failed') return;
      checker.again(text);
      await owner.run(() => owner.chat.retry(id));
      checker.keep(text);
    }
  }
}

/** Nothing is sure about it for the moment. True if it was. */
function doubt(checker: Checker, text: string): boolean {
  const wasKept = checker.fate(text) === 'kept';
  if (wasKept) checker.setFate(text, 'unsure');
  return wasKept;
}
