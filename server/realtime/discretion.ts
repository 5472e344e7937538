/**
 * Whom presence and typing pass by: between two of whom one has blocked the other nothing passes, and who shows none
 * sees none. In memory, because it is asked for every presence and every listener; the store keeps what it is made of.
 */
import type { StoredDiscretion } from '../store/peer-store.ts';

export type DiscretionChange =
  | { kind: 'apart'; one: string; other: string; isApart: boolean }
  | { kind: 'privacy'; personId: string; presence: boolean; typing: boolean };

export class Discretion {
  #apart = new Map<string, Set<string>>();
  #withoutPresence = new Set<string>();
  #withoutTyping = new Set<string>();
  readonly #onChange: (change: DiscretionChange) => void;

  /** `onChange`: somebody decided so here. */
  constructor(stored: StoredDiscretion, onChange: (change: DiscretionChange) => void = () => {}) {
    this.#onChange = onChange;
    this.replace(stored);
  }

  /** As the store has it now: another node may have changed it. */
  replace({ apart, withoutPresence, withoutTyping }: StoredDiscretion): void {
    this.#apart = new Map();
    for (const [one, other] of apart) this.apply({ kind: 'apart', one, other, isApart: true });
    this.#withoutPresence = new Set(withoutPresence);
    this.#withoutTyping = new Set(withoutTyping);
  }

  setApart(one: string, other: string, isApart: boolean): void {
    this.#change({ kind: 'apart', one, other, isApart });
  }

  setPrivacy(personId: string, { presence, typing }: { presence: boolean; typing: boolean }): void {
    this.#change({ kind: 'privacy', personId, presence, typing });
  }

  /** What somebody decided, wherever. */
  apply(change: DiscretionChange): void {
    if (change.kind === 'apart') this.#putApart(change.one, change.other, change.isApart);
    else this.#putPrivacy(change.personId, change.presence, change.typing);
  }

  #change(change: DiscretionChange): void {
    this.apply(change);
    this.#onChange(change);
  }

  #putApart(one: string, other: string, isApart: boolean): void {
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

  #putPrivacy(personId: string, presence: boolean, typing: boolean): void {
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
