/**
 * The few things that belong to each key, such as the streams of a person. Ten thousand have one each, so one that is
 * alone is kept without a list round it.
 */
export class Groups<T extends object> {
  readonly #byKey = new Map<string, T | readonly T[]>();

  /** Those of a key now; who comes or goes while they are gone through changes nothing about them. */
  of(key: string): readonly T[] {
    const group = this.#byKey.get(key);
    if (group === undefined) return [];
    return isList(group) ? group : [group];
  }

  add(key: string, one: T): void {
    const group = this.#byKey.get(key);
    if (group === undefined) this.#byKey.set(key, one);
    else this.#byKey.set(key, isList(group) ? [...group, one] : [group, one]);
  }

  remove(key: string, one: T): void {
    const left = this.of(key).filter((each) => each !== one);
    if (left.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, left.length === 1 ? left[0]! : left);
  }

  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  *everyone(): Iterable<T> {
    for (const group of this.#byKey.values()) {
      if (isList(group)) yield* group;
      else yield group;
    }
  }
}

function isList<T extends object>(group: T | readonly T[]): group is readonly T[] {
  return Array.isArray(group);
}
