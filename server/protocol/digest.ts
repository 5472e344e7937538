/**
 * The digest of a stretch of a conversation, by which device and server see whether they have the same, text by text.
 *
 * It rolls: the digest of a stretch is the sum, modulo 2^64, of what each message in it hashes to. So the server keeps
 * one sum per message, of everything up to it, and knows every stretch by one subtraction; and a device that has only the
 * newest part can be compared as well. The seq is hashed along, so that the order counts although a sum has none.
 *
 * It finds what went wrong by itself (a lost write, a flipped bit, a mistake of ours). It is no proof against somebody
 * who makes up messages until two sums are equal: who could do that can also send what he likes.
 */
import type { Message } from './requests.ts';

export type Summand = Pick<Message, 'seq' | 'fromId' | 'id' | 'text' | 'erased'>;

/** Sixteen hexadecimal digits. */
export type Digest = string;

/** Of no messages. */
export const emptyDigest: Digest = '0'.repeat(16);

const lanes = [
  { start: 0x811c9dc5, factor: 0x01000193 },
  { start: 0x9e3779b9, factor: 0x85ebca6b },
] as const;

/** What one message adds; where its text was taken away, what that had added. */
export function digestOf({ seq, fromId, id, text, erased }: Summand): Digest {
  if (erased !== undefined) return erased;
  const words = `${seq} ${fromId} ${id} ${text}`;
  return lanes.map(({ start, factor }) => hex(hash(words, start, factor))).join('');
}

/** The digest of both stretches together. */
export function plus(a: Digest, b: Digest): Digest {
  return wrapped(BigInt(`0x${a}`) + BigInt(`0x${b}`));
}

/** The digest of the stretch `a` without the part `b` of it. */
export function minus(a: Digest, b: Digest): Digest {
  return wrapped(BigInt(`0x${a}`) - BigInt(`0x${b}`));
}

export function digestOfAll(messages: Iterable<Summand>): Digest {
  let sum = 0n;
  for (const message of messages) sum += BigInt(`0x${digestOf(message)}`);
  return wrapped(sum);
}

/** The step of FNV-1a over UTF-16 units, then the finalizer of MurmurHash3, so that every bit stirs all of them. */
function hash(words: string, start: number, factor: number): number {
  let value = start;
  for (let at = 0; at < words.length; at += 1) value = Math.imul(value ^ words.charCodeAt(at), factor);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}

function wrapped(sum: bigint): Digest {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}
