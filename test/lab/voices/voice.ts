/** What a person of the demo can say: lines for each occasion. A file a language; nothing here decides when. */

/** Occasions that a message of somebody else makes. */
export type Occasion =
  | 'greeting'
  | 'question'
  | 'tunnel'
  | 'thanks'
  | 'goodbye'
  | 'emoji'
  | 'long'
  | 'anything';

export interface Voice {
  nick: string;
  language: string;
  /** First words to somebody who is new. `{nick}` is their nick. */
  hello: string[];
  answers: Record<Occasion, string[]>;
  /** Said when nobody has said anything for a while. */
  musings: string[];
  /** Said on coming back to messages that waited. */
  back: string[];
}
