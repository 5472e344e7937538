/** A store whose commits and readings are counted. What it does is what the store does. */
import type { Result } from '../protocol/requests.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Figures } from './figures.ts';

export function measured<Store extends EventStore>(store: Store, figures: Figures): Store {
  let acknowledged = 0;
  // It is open.
  figures.storeUp.set(1);

  function count(results: readonly Result[]): void {
    for (const { status, error } of results) {
      figures.sends.inc({ status });
      if (error) figures.refusals.inc({ code: error.code });
    }
    // The answers of one commit come in one turn of the event loop.
    if (acknowledged === 0) {
      setImmediate(() => {
        figures.together.observe(acknowledged);
        acknowledged = 0;
      });
    }
    acknowledged += 1;
  }

  async function watched<T>(asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked;
      figures.storeUp.set(1);
      return answer;
    } catch (error) {
      figures.storeUp.set(0);
      throw error;
    }
  }

  return {
    ...store,
    async append(...parameters: Parameters<EventStore['append']>) {
      const end = figures.commit.startTimer();
      const appended = await watched(store.append(...parameters));
      end();
      count(appended.results);
      return appended;
    },
    async readInbox(...parameters: Parameters<EventStore['readInbox']>) {
      const end = figures.reading.startTimer();
      const page = await watched(store.readInbox(...parameters));
      end();
      if (page.kind === 'reset') figures.resets.inc({ reason: page.reason });
      else figures.events.inc(page.events.length);
      return page;
    },
  };
}
