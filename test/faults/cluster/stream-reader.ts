/**
 * A device that follows its inbox by event streams, through whatever ends them: it comes back with its cursor, and keeps
 * what it was told, in that order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../../../server/protocol/requests.ts';
import type { Seen } from '../../support/checker.ts';
import type { ApiPerson } from '../../support/person.ts';
import { SseReader } from '../../support/sse-reader.ts';

const backoffMs = 50;

export class StreamReader {
  readonly thread: Seen[] = [];
  /** How many streams it took. */
  streams = 0;
  readonly done: Promise<void>;
  readonly #person: ApiPerson;
  #cursor: string;
  #over = false;
  #open: SseReader | undefined;
  #onEvent = () => {};

  constructor(person: ApiPerson, cursor: string) {
    this.#person = person;
    this.#cursor = cursor;
    this.done = this.#follow();
  }

  /** Comes back as from elsewhere: with its cursor, to whichever node takes it. */
  move(): void {
    this.#open?.close();
  }

  async until(isSo: (thread: readonly Seen[]) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onEvent = () => isSo(this.thread) && resolve();
      this.#onEvent();
    });
    this.#over = true;
    this.#open?.close();
    await this.done;
  }

  async #follow(): Promise<void> {
    while (!this.#over) {
      try {
        this.streams += 1;
        this.#open = await SseReader.open(this.#person, '', { 'Last-Event-ID': this.#cursor });
        await this.#read(this.#open);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('told')) throw error;
      }
      await sleep(backoffMs, undefined, { ref: false });
    }
  }

  async #read(stream: SseReader): Promise<void> {
    for (let event = await stream.next(); event; event = await stream.next()) {
      if (event.event === 'reset') throw new Error(`told reset ${JSON.stringify(event.data)}`);
      if (event.event === 'inbox') this.thread.push(event.data as unknown as Message);
      if (event.id !== undefined) this.#cursor = event.id;
      this.#onEvent();
    }
  }
}
