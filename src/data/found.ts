import type { Raw } from './entry.ts';
import { escapePart } from './names.ts';
import { ownText } from './own-text.ts';
import { placing, type Sight } from './sight.ts';

/** For `find -printf`; a name holds no NUL, and neither does where a link leads. */
export const FOUND_FORMAT = '%y %m %D %i %n %s %b %U %G %T@ %C@ %p\\0%l\\0';
/** Of the format, before the name. */
const FIELDS = 11;
const TYPES: Readonly<Record<string, Raw['type']>> = { f: 'file', d: 'directory', l: 'link' };

/** An entry seen before under this name, in the place of this index. */
export type Known = (place: number, name: string) => Raw | undefined;

/**
 * Reads what `find` prints, part by part: there may be hundreds of thousands, the service is down, and a small host has no memory
 * to keep the text. What was seen before and is the same is that very object; else it shares its texts. Each text that is kept is
 * one of its own, because a piece cut out of a larger one keeps all of it.
 */
export class Found {
  readonly shares: readonly Raw[][];
  /** A time before 1970 is printed in a way of its own, which this does not read. */
  isEarly = false;
  readonly #placed: ReturnType<typeof placing>;
  readonly #known: Known;
  #rest: Uint8Array = Buffer.alloc(0);
  #device = '';

  constructor(sights: readonly Sight[], known: Known) {
    this.shares = sights.map(() => []);
    this.#placed = placing(sights);
    this.#known = known;
  }

  /** Whether the last record was whole. */
  get isWhole(): boolean {
    return this.#rest.length === 0;
  }

  push(part: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, part]);
    // One character for each byte: places in it are places in the bytes.
    const text = bytes.toString('latin1');
    let at = 0;
    for (;;) {
      const end = text.indexOf('\0', at);
      const next = end < 0 ? -1 : text.indexOf('\0', end + 1);
      if (next < 0) break;
      this.#record(text, bytes, at, end, next);
      at = next + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  #record(text: string, bytes: Buffer, begin: number, end: number, next: number): void {
    const fields: string[] = [];
    let at = begin;
    for (let field = 0; field < FIELDS; field += 1) {
      const space = text.indexOf(' ', at);
      fields.push(text.slice(at, space));
      at = space + 1;
    }
    const found = this.#placed(escapePart(text, bytes, at, end));
    if (found === undefined) return;
    const target = end + 1 === next ? '' : escapePart(text, bytes, end + 1, next);
    this.shares[found.index]?.push(this.#entry(fields, found.name, target, this.#known(found.index, found.name)));
  }

  #entry(fields: readonly string[], name: string, target: string, known: Raw | undefined): Raw {
    const [kind = '', mode = '', device = '', inode = '', links, size, blocks, uid, gid, written = '', changed = ''] =
      fields;
    const type = TYPES[kind] ?? 'special';
    const [mtime, ctime] = [nanoseconds(written), nanoseconds(changed)];
    if (written.startsWith('-')) this.isEarly = true;
    if (this.#device !== device) this.#device = ownText(device);
    const facts = {
      type,
      size: type === 'file' ? Number(size) : 0,
      mode: Number.parseInt(mode, 8),
      uid: Number(uid),
      gid: Number(gid),
      links: Number(links),
      allocated: Number(blocks) * 512,
    };
    if (known !== undefined && isSame(known, facts)) {
      const { target: led = '' } = known;
      if (known.ctime === ctime && known.mtime === mtime && known.inode === inode && known.device === device)
        if (led === target || type !== 'link') return known;
    }
    const kept = known?.mtime === mtime ? known.mtime : ownText(mtime);
    return {
      name: known?.name ?? ownText(name),
      ...facts,
      mtime: kept,
      device: this.#device,
      inode: ownText(inode),
      // One text for both, as most often they are the same.
      ctime: changed === written ? kept : ownText(ctime),
      ...(type === 'link' ? { target: ownText(target) } : {}),
    };
  }
}

type Facts = Pick<Raw, 'type' | 'size' | 'mode' | 'uid' | 'gid' | 'links' | 'allocated'>;

function isSame(a: Facts, b: Facts): boolean {
  return (
    a.size === b.size &&
    a.mode === b.mode &&
    a.type === b.type &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.links === b.links &&
    a.allocated === b.allocated
  );
}

/** `find` has ten decimals, of which the last is always 0. */
function nanoseconds(time: string): string {
  return time.slice(0, -1);
}
