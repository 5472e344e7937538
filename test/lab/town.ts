/** The people of the demo, together: who lives there, who welcomes a newcomer, who is often in a tunnel. */
import { LivelyPerson } from './lively-person.ts';
import { seededRandom } from './reply.ts';
import { arabic } from './voices/arabic.ts';
import { english } from './voices/english.ts';
import { german } from './voices/german.ts';
import { hindi } from './voices/hindi.ts';
import { japanese } from './voices/japanese.ts';
import { spanish } from './voices/spanish.ts';
import type { Voice } from './voices/voice.ts';

const residents: { voice: Voice; greetsAfterMs?: number; comesAndGoes: boolean }[] = [
  { voice: english, greetsAfterMs: 3_000, comesAndGoes: false },
  { voice: german, comesAndGoes: true },
  { voice: arabic, greetsAfterMs: 20_000, comesAndGoes: false },
  { voice: japanese, comesAndGoes: true },
  { voice: spanish, greetsAfterMs: 60_000, comesAndGoes: true },
  { voice: hindi, comesAndGoes: false },
];

export interface Town {
  /** Who they are, and what they speak. */
  people: { nick: string; language: string }[];
  close(): Promise<void>;
}

export interface TownOptions {
  seed: number;
  /** 1 for a person's pace, less for a hurry. */
  pace: number;
  report: (error: unknown) => void;
}

export async function startTown(baseUrl: string, { seed, pace, report }: TownOptions): Promise<Town> {
  const leaving = new AbortController();
  const nicks = new Set(residents.map(({ voice }) => voice.nick));
  const people = await Promise.all(
    residents.map(({ voice, ...habits }, index) =>
      LivelyPerson.arrive(baseUrl, voice, {
        ...habits,
        random: seededRandom(seed + index),
        pace,
        isNeighbour: (nick) => nicks.has(nick),
        signal: leaving.signal,
        report,
      }),
    ),
  );
  const lives = people.map((person) => person.live());
  return {
    people: residents.map(({ voice: { nick, language } }) => ({ nick, language })),
    async close() {
      leaving.abort();
      await Promise.all(lives);
    },
  };
}
