/**
 * A person of the demo: a program at the HTTP API as any other client, who follows the stream, says what was received
 * and read, types for a while, answers, muses, and now and then has no network. What they say is in voices/.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Message, Person } from '../../server/protocol/requests.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader, type ReadEvent } from '../support/sse-reader.ts';
import { answerTo, pick, typingMs, type Random } from './reply.ts';
import type { Voice } from './voices/voice.ts';

export interface Habits {
  random: Random;
  /** 1 for a person's pace, less for a hurry. */
  pace: number;
  /** Writes first to who is new, after so long. */
  greetsAfterMs?: number;
  /** Loses the network now and then. */
  comesAndGoes: boolean;
  /** Who belongs to the demo: they leave each other in peace. */
  isNeighbour: (nick: string) => boolean;
  signal: AbortSignal;
  report: (error: unknown) => void;
}

interface Chat {
  nick: string;
  /** The last message that was not answered yet. */
  pending?: Message | undefined;
  lastSaid?: string;
  /** Own messages since they last wrote. */
  unanswered: number;
  isBusy: boolean;
  activeAt: number;
}

/** Nobody likes somebody who goes on and on. */
const mostUnanswered = 2;
const typingIsSaidEveryMs = 2_500;

export class LivelyPerson {
  readonly #api: ApiPerson;
  readonly #voice: Voice;
  readonly #habits: Habits;
  readonly #chats = new Map<string, Chat>();
  #cursor: string | undefined;
  #reader: SseReader | undefined;
  #isAway = false;
  #returnedAt = 0;

  private constructor(api: ApiPerson, voice: Voice, habits: Habits) {
    this.#api = api;
    this.#voice = voice;
    this.#habits = habits;
    habits.signal.addEventListener('abort', () => this.#reader?.close());
  }

  static async arrive(baseUrl: string, voice: Voice, habits: Habits): Promise<LivelyPerson> {
    return new LivelyPerson(await ApiPerson.signIn(baseUrl, voice.nick), voice, habits);
  }

  /** Until the signal. */
  async live(): Promise<void> {
    const { comesAndGoes } = this.#habits;
    await Promise.all([
      this.#trying(() => this.#follow()),
      this.#trying(() => this.#muse()),
      comesAndGoes ? this.#trying(() => this.#comeAndGo()) : undefined,
    ]);
  }

  async #follow(): Promise<void> {
    while (true) {
      if (!this.#isAway) {
        await this.#trying(async () => {
          this.#reader = await SseReader.open(this.#api, this.#cursor ? `?after=${this.#cursor}` : '');
          for (let event; (event = await this.#reader.next());) await this.#take(event);
        });
      }
      await this.#pause(500, 1_000);
    }
  }

  async #take({ id, event, data }: ReadEvent): Promise<void> {
    if (id) this.#cursor = id;
    if (event === 'person') this.#notice(data as unknown as Person);
    if (event !== 'inbox') return;
    const message = data as unknown as Message;
    if (message.fromId === this.#api.me.id) return;
    await this.#api.request('/api/receipts', { json: { delivered: id } });
    const chat = this.#chatWith(message.from);
    Object.assign(chat, { pending: message, unanswered: 0, activeAt: Date.now() });
    void this.#trying(() => this.#answer(chat));
  }

  /** Somebody new is welcomed, unless they say something first. */
  #notice({ nick, online }: Person): void {
    const { greetsAfterMs, isNeighbour } = this.#habits;
    if (greetsAfterMs === undefined || !online || isNeighbour(nick) || this.#chats.has(nick)) return;
    const chat = this.#chatWith(nick);
    void this.#trying(async () => {
      await this.#pause(greetsAfterMs, greetsAfterMs * 1.5);
      if (!chat.pending && !chat.lastSaid)
        await this.#say(chat, pick(this.#voice.hello, this.#random, '', { nick }));
    });
  }

  async #answer(chat: Chat): Promise<void> {
    if (chat.isBusy) return;
    chat.isBusy = true;
    try {
      while (chat.pending && !this.#isAway) {
        await this.#pause(700, 2_000);
        if (this.#isAway) return;
        const { pending } = chat;
        await this.#api.request('/api/receipts', {
          json: { read: [{ with: chat.nick, upTo: pending.seq }] },
        });
        const hasWaited = Date.parse(pending.acceptedAt) < this.#returnedAt;
        if (hasWaited) await this.#say(chat, pick(this.#voice.back, this.#random, chat.lastSaid));
        await this.#pause(300, 900);
        if (chat.pending !== pending) continue; // they wrote on: read that first
        await this.#say(chat, answerTo(pending.text, this.#voice, chat.nick, this.#random, chat.lastSaid));
        if (chat.pending === pending) chat.pending = undefined;
      }
    } finally {
      chat.isBusy = false;
    }
  }

  /** Types it, visibly, and sends it. */
  async #say(chat: Chat, text: string): Promise<void> {
    for (let leftMs = typingMs(text, this.#random); leftMs > 0; leftMs -= typingIsSaidEveryMs) {
      await this.#api.request('/api/typing', { json: { to: chat.nick } });
      const ms = Math.min(leftMs, typingIsSaidEveryMs);
      await this.#pause(ms, ms);
    }
    const [result] = await this.#api.send(this.#api.draft(chat.nick, text));
    // Who signed out and freed the nick is not written to again.
    if (result?.status === 'rejected') this.#chats.delete(chat.nick);
    Object.assign(chat, { lastSaid: text, unanswered: chat.unanswered + 1, activeAt: Date.now() });
  }

  async #muse(): Promise<void> {
    while (true) {
      await this.#pause(25_000, 70_000);
      const quietMs = 20_000 * this.#habits.pace;
      const isQuiet = (chat: Chat) => !chat.isBusy && chat.lastSaid && Date.now() - chat.activeAt > quietMs;
      const chat = [...this.#chats.values()].find((one) => one.unanswered < mostUnanswered && isQuiet(one));
      if (!chat || this.#isAway) continue;
      await this.#trying(() => this.#say(chat, pick(this.#voice.musings, this.#random, chat.lastSaid)));
    }
  }

  async #comeAndGo(): Promise<void> {
    while (true) {
      await this.#pause(45_000, 120_000);
      this.#isAway = true;
      this.#reader?.close();
      await this.#pause(15_000, 30_000);
      this.#returnedAt = Date.now();
      this.#isAway = false;
      // What came before the network went is still to be answered.
      for (const chat of this.#chats.values()) void this.#trying(() => this.#answer(chat));
    }
  }

  #chatWith(nick: string): Chat {
    const chat = this.#chats.get(nick) ?? { nick, unanswered: 0, isBusy: false, activeAt: Date.now() };
    this.#chats.set(nick, chat);
    return chat;
  }

  get #random(): Random {
    return this.#habits.random;
  }

  get #isOver(): boolean {
    return this.#habits.signal.aborted;
  }

  /** At the person's pace; throws at the end, so that nothing is said after it. */
  async #pause(fromMs: number, toMs: number): Promise<void> {
    const { pace, signal, random } = this.#habits;
    const ms = (fromMs + random() * (toMs - fromMs)) * pace;
    await wait(ms, undefined, { signal });
  }

  /** Goes on whatever happens; the end, and a network that went, are no surprise. */
  async #trying(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!this.#isOver && !this.#isAway) this.#habits.report(error);
    }
  }
}
