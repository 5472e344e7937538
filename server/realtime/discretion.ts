/**
 * Whom presence and typing pass by: between two of whom one has blocked the other nothing passes, and who shows none
 * sees none. In memory, because it is asked for every presence and every listener; the store keeps what it is made of.
 */
import type { StoredDiscretion } from '../store/peer-store.ts';

export class Discretion {
  readonly #apart = new Map<string, Set<string>>();
  readonly #withoutPresence: Set<string>;
  readonly #withoutTyping: Set<string>;

  constructor({ apart, withoutPresence, withoutTyping }: StoredDiscretion) {
    for (const [one, other] of apart) this.setApart(one, other, true);
    this.#withoutPresence = new Set(withoutPresence);
    this.#withoutTyping = new Set(withoutTyping);
  }

  setApart(one: string, other: string, isApart: boolean): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const others = this.#apart.get(from) ?? new Set();
      if (isApart) others.add(to);
      else others.delete(to);
      if (others.size > 0) this.#apart.set(from, others);
      else this.#apart.delete(from);
    }
  }

  setPrivacy(personId: string, { presence, typing }: { presence: boolean; typing: boolean }): void {
    if (presence) this.#withoutPresence.delete(personId);
    else this.#withoutPresence.add(personId);
    if (typing) this.#withoutTyping.delete(personId);
    else this.#withoutTyping.add(personId);
  }

  /** False for nearly everybody: then nothing more has to be asked of them. */
  concerns(personId: string): boolean {
    return this.#withoutPresence.has(personId) || this.#apart.has(personId);
  }

  /** Whether nobody sees the presence of a person. */
  showsNone(personId: string): boolean {
    return this.#withoutPresence.has(personId);
  }

  /** Whether a viewer must not see the presence of a person. */
  hidesPresence(viewerId: string, personId: string): boolean {
    if (viewerId === personId) return false;
    return (
      this.#withoutPresence.has(viewerId) ||
      this.#withoutPresence.has(personId) ||
      this.areApart(viewerId, personId)
    );
  }

  hidesTyping(viewerId: string, personId: string): boolean {
    return (
      this.#withoutTyping.has(viewerId) ||
      this.#withoutTyping.has(personId) ||
      this.areApart(viewerId, personId)
    );
  }

  areApart(one: string, other: string): boolean {
    return this.#apart.get(one)?.has(other) ?? false;
  }
}
