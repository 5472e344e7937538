/**
 * A reporter for node:test that writes how the whole run went as one line of JSON, for test.ts to add up.
 */
import type { TestEvent } from 'node:test/reporters';

export default async function* countTests(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    // A summary with a file is that file's alone; the last one is everybody's.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    // Node's types forget the one that matters most.
    const counts = event.data.counts as typeof event.data.counts & { failed: number };
    const { passed, failed, cancelled, skipped, todo } = counts;
    yield JSON.stringify({ passed, failed: failed + cancelled, skipped: skipped + todo });
  }
}
