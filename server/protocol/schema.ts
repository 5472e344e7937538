/**
 * The small language in which the forms of the wire are written down, once for both sides: a schema reads an unknown value
 * into a type, or says what does not fit. It never throws, and it passes over fields that it does not know, since they may
 * be of a newer version. It reads what JSON or a structured clone can bring, so no getters and no classes.
 */

/** What does not fit, and where: `messages.3.text must be text.` */
export class Misfit {
  readonly #at: string;
  readonly #wanted: string;

  constructor(wanted: string, at = '') {
    this.#wanted = wanted;
    this.#at = at;
  }

  under(key: string | number): Misfit {
    return new Misfit(this.#wanted, this.#at ? `${key}.${this.#at}` : String(key));
  }

  get sentence(): string {
    return `${this.#at || 'The body'} must be ${this.#wanted}.`;
  }
}

export type Schema<T> = (value: unknown) => T | Misfit;
/** The type that a schema reads. */
export type Output<S extends Schema<unknown>> = Exclude<ReturnType<S>, Misfit>;

/** What `schema` reads, or undefined for what does not fit. */
export function parse<T>(schema: Schema<T>, value: unknown): T | undefined {
  const output = schema(value);
  return output instanceof Misfit ? undefined : output;
}

function where<T>(wanted: string, fits: (value: unknown) => boolean): Schema<T> {
  return (value) => (fits(value) ? (value as T) : new Misfit(wanted));
}

const isText = (value: unknown) => typeof value === 'string';

export const unknown: Schema<unknown> = (value) => value;
export const string = where<string>('text', isText);
export const boolean = where<boolean>('true or false', (value) => typeof value === 'boolean');
/** A safe integer, from 0. */
export const count = where<number>(
  'a whole number',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

export function numberFrom(least: number): Schema<number> {
  return where(`a number from ${least}`, (value) => Number.isFinite(value) && (value as number) >= least);
}

export function matching(form: RegExp): Schema<string> {
  return where(`of the form ${form.source}`, (value) => isText(value) && form.test(value));
}

export function oneOf<const Choice extends string>(...choices: Choice[]): Schema<Choice> {
  return where(`one of ${choices.join(', ')}`, (value) => choices.includes(value as Choice));
}

export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return (value) => (value === null ? null : schema(value));
}

/** The first of two that fits. */
export function either<A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> {
  return (value) => {
    const first = a(value);
    return first instanceof Misfit ? b(value) : first;
  };
}

/** Whatever does not fit is read as `fallback`. */
export function orElse<T>(schema: Schema<T>, fallback: T): Schema<T> {
  return (value) => parse(schema, value) ?? fallback;
}

type Optional<T> = Schema<T> & { isOptional: true };

/** A field that may be missing. */
export function optional<T>(schema: Schema<T>): Optional<T | undefined> {
  const output = (value: unknown) => (value === undefined ? undefined : schema(value));
  return Object.assign(output, { isOptional: true as const });
}

type Fields = Record<string, Schema<unknown>>;
type Flat<T> = { [K in keyof T]: T[K] };
type ObjectOf<F extends Fields> = Flat<
  { [K in keyof F as F[K] extends Optional<unknown> ? never : K]: Output<F[K]> } & {
    [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: Exclude<Output<F[K]>, undefined>;
  }
>;

/** Only what is named here is in what it reads, and a field that is missing stays so. */
export function object<F extends Fields>(fields: F): Schema<ObjectOf<F>> {
  const entries = Object.entries(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Misfit('an object');
    const output: Record<string, unknown> = {};
    for (const [key, schema] of entries) {
      const field = schema((value as Record<string, unknown>)[key]);
      if (field instanceof Misfit) return field.under(key);
      if (field !== undefined) output[key] = field;
    }
    return output as ObjectOf<F>;
  };
}

export function array<T>(schema: Schema<T>, least = 0, most = Infinity): Schema<T[]> {
  return (value) => {
    if (!Array.isArray(value)) return new Misfit('a list');
    if (value.length < least || value.length > most) return new Misfit(`a list of ${least} to ${most}`);
    const output: T[] = [];
    for (const [index, item] of value.entries()) {
      const element = schema(item);
      if (element instanceof Misfit) return element.under(index);
      output.push(element);
    }
    return output;
  };
}

/** A list, without those of its elements that do not fit. */
export function arrayOfKnown<T>(schema: Schema<T>): Schema<T[]> {
  return (value) => {
    const all = array(unknown)(value);
    if (all instanceof Misfit) return all;
    return all.map(schema).filter((element): element is T => !(element instanceof Misfit));
  };
}
