/**
 * A page of the log as the frames that go out on a stream: one string, made where it was read. It crosses to the main
 * thread as it is, where a stream has only to pass it on; each event for itself costs three times as much. Who needs them
 * one by one gets them from it.
 */
import type { EventsPage, StoredEvent } from './event-store.ts';

/** What crosses between threads. */
export interface PlainPage {
  kind: 'events';
  frames: string;
  cursor: string;
  more: boolean;
}

export class FramedPage implements EventsPage {
  readonly kind = 'events';
  readonly frames: string;
  readonly cursor: string;
  readonly more: boolean;

  constructor({ frames, cursor, more }: Omit<PlainPage, 'kind'>) {
    this.frames = frames;
    this.cursor = cursor;
    this.more = more;
  }

  get events(): StoredEvent[] {
    return this.frames.split('\n\n').slice(0, -1).map(readFrame);
  }
}

function readFrame(frame: string): StoredEvent {
  const [id, kind, json] = frame.split('\n') as [string, string, string];
  return {
    id: id.slice('id: '.length),
    kind: kind.slice('event: '.length) as StoredEvent['kind'],
    json: json.slice('data: '.length),
  };
}
