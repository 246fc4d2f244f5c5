import type { RefitError } from '../../errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface StrictJson {
  /** `integers` refuses `1.0`, `1e3` and what a double cannot hold: JSON.parse makes each of them another number. */
  readonly numbers: 'integers' | 'any';
  /** Makes the error, naming the file. */
  readonly refuse: (seen: string, expected: string) => RefitError;
}

/** Bundles are six deep; deeper text costs stack. */
const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?<rest>\.\d+)?(?<exponent>[eE][+-]?\d+)?/y;
const WORDS: readonly [string, Json][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * RFC 8259 and nothing beside it: UTF-8 without a byte order mark, each key once. Of two equal keys JSON.parse takes the
 * last, other programs the first: whoever signs could then show one value to a reviewer and another to us.
 */
export function parseStrictJson(data: Uint8Array, options: StrictJson): Json {
  const reader = new Reader(decoded(data, options), options);
  const value = reader.value(0);
  reader.end();
  return value;
}

function decoded(data: Uint8Array, { refuse }: StrictJson): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw refuse('bytes that are not UTF-8', 'JSON');
  }
}

class Reader {
  #at = 0;
  readonly #text: string;
  readonly #options: StrictJson;

  constructor(text: string, options: StrictJson) {
    this.#text = text;
    this.#options = options;
  }

  value(depth: number): Json {
    if (depth > MAX_DEPTH) throw this.#options.refuse(`JSON deeper than ${MAX_DEPTH} levels`, 'less');
    const next = this.#peek();
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const word = WORDS.find(([text]) => this.#text.startsWith(text, this.#at));
    if (word === undefined) return this.#number();
    this.#at += word[0].length;
    return word[1];
  }

  end(): void {
    if (this.#peek() !== undefined) throw this.#fault('the end of the JSON');
  }

  #object(depth: number): Json {
    this.#take('{');
    const fields: Record<string, Json> = {};
    while (this.#more('}', Object.keys(fields).length === 0)) {
      if (this.#peek() !== '"') throw this.#fault('a key in quotes');
      const key = this.#string();
      if (key === '__proto__' || Object.hasOwn(fields, key)) {
        throw this.#options.refuse(
          `the key ${shown(key)} ${key === '__proto__' ? '' : 'twice '}${this.#place()}`,
          'each key once',
        );
      }
      this.#take(':');
      fields[key] = this.value(depth + 1);
    }
    return fields;
  }

  #array(depth: number): Json {
    this.#take('[');
    const items: Json[] = [];
    while (this.#more(']', items.length === 0)) items.push(this.value(depth + 1));
    return items;
  }

  /** Steps over a comma, or the closing bracket: then there is no more. */
  #more(close: string, first: boolean): boolean {
    if (this.#peek() === close) {
      this.#at += 1;
      return false;
    }
    if (!first) {
      this.#take(',');
      if (this.#peek() === close) throw this.#fault('another value after the comma');
    }
    return true;
  }

  #string(): string {
    const from = this.#at;
    let at = from + 1;
    // By hand: an expression that repeats alternatives a million times runs out of stack.
    for (let code = this.#text.charCodeAt(at); code !== 0x22; code = this.#text.charCodeAt(at)) {
      if (Number.isNaN(code) || code < 0x20) throw this.#fault('a string closed on its line');
      at += code === 0x5c ? 2 : 1;
    }
    this.#at = at + 1;
    const text = unescaped(this.#text.slice(from, this.#at));
    if (text?.isWellFormed() === true) return text;
    this.#at = from;
    throw this.#fault('a string of whole characters');
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#fault('a JSON value');
    const value = Number(match[0]);
    const whole = match.groups?.['rest'] === undefined && match.groups?.['exponent'] === undefined;
    if (this.#options.numbers === 'integers' && !(whole && Number.isSafeInteger(value))) {
      throw this.#options.refuse(`the number ${shown(match[0])} ${this.#place()}`, 'a whole number below 2^53');
    }
    this.#at += match[0].length;
    return value;
  }

  #take(char: string): void {
    if (this.#peek() !== char) throw this.#fault(shown(char));
    this.#at += 1;
  }

  #peek(): string | undefined {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'end')) this.#at += 1;
    return this.#text[this.#at];
  }

  #fault(expected: string): RefitError {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return this.#options.refuse(rest === '' ? 'an early end' : `${shown(rest)} ${this.#place()}`, expected);
  }

  #place(): string {
    const before = this.#text.slice(0, this.#at).split('\n');
    return `at ${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  }
}

function unescaped(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 40));
