import { parseStat, type Raw } from './entry.ts';
import { ownText } from './own-text.ts';
import { placing, type Sight } from './sight.ts';

/** An entry whose digest comes later. */
type Growing = { -readonly [Key in keyof Raw]: Raw[Key] };

const DIGEST = /[0-9a-f]{64}/;

/**
 * Reads what `find` has `stat` and `sha256sum` print, part by part, as `Found` does and for its reasons. Each entry goes to the
 * innermost place it lies in, its name relative to that. Digests come in the order of the files that are smaller than `large`.
 */
export class Listed {
  readonly shares: readonly Growing[][];
  readonly #placed: ReturnType<typeof placing>;
  readonly #large: number;
  /** Whose digest is still to come; undefined where a file lies in no place. */
  readonly #waiting: (Growing | undefined)[] = [];
  /** Digests of files still to come: `find` starts the two programs whenever the words for one of them are enough. */
  readonly #early: string[] = [];
  #rest: Uint8Array = Buffer.alloc(0);
  #isEmpty = true;
  #isCut = false;

  constructor(sights: readonly Sight[], large: number) {
    this.shares = sights.map(() => []);
    this.#placed = placing(sights);
    this.#large = large;
  }

  /** Whether there was anything, and every record of it was whole. */
  get isWhole(): boolean {
    return !this.#isEmpty && !this.#isCut && this.#rest.length === 0;
  }

  /** How many digests are too few, or below zero too many. */
  get missing(): number {
    return this.#waiting.length - this.#early.length;
  }

  push(part: Uint8Array): void {
    this.#isEmpty = false;
    const bytes = Buffer.concat([this.#rest, part]);
    let at = 0;
    for (let end = bytes.indexOf(0, at); end >= 0; end = bytes.indexOf(0, at)) {
      // Only ASCII is of interest in it: names are escaped, and of a digest's record the name is passed over.
      this.#record(bytes.toString('latin1', at, end));
      at = end + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  #record(record: string): void {
    if (!record.startsWith('S ')) {
      this.#digest(DIGEST.exec(record)?.[0] ?? '');
      return;
    }
    const entry = parseStat(record);
    if (entry === undefined) {
      this.#isCut = true;
      return;
    }
    const found = this.#placed(entry.name);
    const share = found === undefined ? undefined : this.shares[found.index];
    const kept: Growing | undefined = found === undefined ? undefined : { ...entry, ...ownTexts(entry, found.name) };
    if (kept !== undefined) share?.push(kept);
    if (entry.type !== 'file' || entry.size >= this.#large) return;
    const sha256 = this.#early.shift();
    if (sha256 === undefined) this.#waiting.push(kept);
    else if (kept !== undefined) kept.sha256 = sha256;
  }

  #digest(sha256: string): void {
    if (this.#waiting.length === 0) {
      this.#early.push(ownText(sha256));
      return;
    }
    const entry = this.#waiting.shift();
    if (entry !== undefined) entry.sha256 = ownText(sha256);
  }
}

function ownTexts({ mtime, ctime, inode, device, target }: Raw, name: string) {
  const time = ownText(mtime);
  return {
    name: ownText(name),
    mtime: time,
    ctime: ctime === mtime ? time : ownText(ctime),
    inode: ownText(inode),
    device: ownText(device),
    ...(target === undefined ? {} : { target: ownText(target) }),
  };
}
