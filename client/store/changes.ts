/**
 * The word that something on this device changed: to this page, to other tabs, and from the worker.
 * Said after the commit only, so that whoever re-reads on hearing it finds the change.
 */

import { openChannel, type Channel } from './channel.ts';

/** What changed: a list, or the thread with one person. */
export type Topic = 'people' | 'peers' | 'conversations' | 'outbox' | 'drafts' | `thread:${string}`;

type Listener = (topics: readonly Topic[]) => void;

const listeners = new Set<Listener>();
let channel: Channel<readonly Topic[]> | undefined;

function others(): Channel<readonly Topic[]> {
  channel ??= openChannel('changes', (word) => tell(readTopics(word)));
  return channel;
}

function readTopics(data: unknown): Topic[] {
  return Array.isArray(data) ? data.filter((topic): topic is Topic => typeof topic === 'string') : [];
}

function tell(topics: readonly Topic[]): void {
  for (const listener of listeners) listener(topics);
}

/** Says it here and in every other page and worker of this device. */
export function announceChange(...topics: Topic[]): void {
  tell(topics);
  others().say(topics);
}

/** Hears of changes from everywhere; the answer ends it. */
export function onChange(listener: Listener): () => void {
  others();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Lets go of the channel, which would keep a Node process (a test) alive. */
export function closeChanges(): void {
  channel?.close();
  channel = undefined;
  listeners.clear();
}
