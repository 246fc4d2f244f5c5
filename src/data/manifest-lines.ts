import type { Entry } from './entry.ts';
import type { Place } from './place.ts';

/** One place and all that was in it; no entries: it was absent. */
export interface ManifestPlace extends Place {
  readonly entries: readonly Entry[];
}

/** One place and its entries, made as they are written. */
export type ManifestSource = Place & { readonly entries: Iterable<Entry> };

/** Characters handed on at once. */
const PART_LENGTH = 256 * 1024;
const HEAD = '{"format":1,"places":[';
const OPEN = ',"entries":[';
const CLOSE = ']}';

/** JSON, an entry a line: of hundreds of thousands no text is ever made that holds them all. */
export function* manifestTexts(places: readonly ManifestSource[]): Generator<string> {
  let text = HEAD;
  for (const [index, { entries, ...place }] of places.entries()) {
    text += `${index === 0 ? '' : ','}\n${JSON.stringify(place).slice(0, -1)}${OPEN}`;
    let separator = '\n';
    for (const entry of entries) {
      text += `${separator}${JSON.stringify(entry)}`;
      separator = ',\n';
      if (text.length < PART_LENGTH) continue;
      yield text;
      text = '';
    }
    text += `\n${CLOSE}`;
  }
  yield `${text}\n${CLOSE}\n`;
}

/** Reads it back part by part; what is not just so is left to JSON. */
export class ManifestLines {
  readonly #places: { readonly place: Place; readonly entries: Entry[] }[] = [];
  #rest: Buffer[] = [];
  #state: 'head' | 'places' | 'entries' | 'end' | 'other' = 'head';

  push(part: Buffer): void {
    let at = 0;
    for (let end = part.indexOf(10); end >= 0 && this.#state !== 'other'; end = part.indexOf(10, at)) {
      this.#rest.push(part.subarray(at, end));
      this.#line(Buffer.concat(this.#rest).toString());
      this.#rest = [];
      at = end + 1;
    }
    if (this.#state !== 'other') this.#rest.push(Buffer.from(part.subarray(at)));
  }

  end(): readonly ManifestPlace[] | undefined {
    if (this.#state !== 'end' || this.#rest.some(({ length }) => length > 0)) return undefined;
    return this.#places.map(({ place, entries }) => ({ ...place, entries }));
  }

  #line(line: string): void {
    try {
      this.#state = this.#after(line);
    } catch {
      this.#state = 'other';
    }
  }

  #after(line: string): 'places' | 'entries' | 'end' | 'other' {
    if (this.#state === 'head') return line === HEAD ? 'places' : 'other';
    if (this.#state === 'entries') {
      if (line === CLOSE || line === `${CLOSE},`) return 'places';
      this.#places.at(-1)?.entries.push(JSON.parse(line.replace(/,$/, '')) as Entry);
      return 'entries';
    }
    if (this.#state === 'places' && line === CLOSE) return 'end';
    if (this.#state !== 'places' || !line.endsWith(OPEN)) return 'other';
    this.#places.push({ place: JSON.parse(`${line.slice(0, -OPEN.length)}}`) as Place, entries: [] });
    return 'entries';
  }
}
