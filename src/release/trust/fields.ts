import type { RefitError } from '../../errors.ts';
import { strictBase64 } from './base64.ts';
import type { Json } from './strict-json.ts';

/** Reads a parsed JSON object field by field, each of the type that was asked for; `refuse` makes the error. */
export class Fields {
  readonly #fields: { readonly [key: string]: Json };
  readonly #where: string;
  readonly #refuse: (seen: string, expected: string) => RefitError;

  constructor(value: Json, where: string, refuse: (seen: string, expected: string) => RefitError) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refuse(`${kindOf(value)} as ${where}`, 'an object');
    }
    this.#fields = value as { readonly [key: string]: Json };
    this.#where = where;
    this.#refuse = refuse;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#fields, key);
  }

  /** Refuses every other key: what nobody reads could be taken for something that holds. */
  only(...known: readonly string[]): void {
    const other = Object.keys(this.#fields).find((key) => !known.includes(key));
    if (other !== undefined)
      throw this.#refuse(`${JSON.stringify(other.slice(0, 40))} in ${this.#where}`, `only ${known.join(', ')}`);
  }

  object(key: string): Fields {
    return new Fields(this.#field(key), this.#path(key), this.#refuse);
  }

  /** Every element an object. */
  objects(key: string): readonly Fields[] {
    const value = this.#field(key);
    if (!Array.isArray(value)) throw this.#wrong(key, value, 'a list');
    return value.map((each: Json, index) => new Fields(each, `${this.#path(key)}[${index}]`, this.#refuse));
  }

  text(key: string): string {
    const value = this.#field(key);
    if (typeof value !== 'string') throw this.#wrong(key, value, 'a text');
    return value;
  }

  /** Not negative. */
  count(key: string): number {
    const value = this.#field(key);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw this.#wrong(key, value, 'a whole number, not negative');
    }
    return value;
  }

  bytes(key: string): Buffer {
    const bytes = strictBase64(this.text(key));
    if (bytes === undefined || bytes.length === 0) {
      throw this.#refuse(`${this.#path(key)} as ${JSON.stringify(this.text(key).slice(0, 40))}`, 'base64');
    }
    return bytes;
  }

  #field(key: string): Json {
    const value = this.#fields[key];
    if (value === undefined || !this.has(key)) throw this.#refuse(`no ${this.#path(key)}`, 'one');
    return value;
  }

  #wrong(key: string, value: Json, expected: string): RefitError {
    return this.#refuse(`${kindOf(value)} as ${this.#path(key)}`, expected);
  }

  #path(key: string): string {
    return `${this.#where}.${key}`;
  }
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}
