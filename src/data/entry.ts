import type { Difference } from './data.ts';
import { splitQuoted } from './names.ts';

/** One thing below a place, as the manifest keeps it. */
export interface Entry {
  /** Relative to the place's directory, C-escaped; '' is the directory itself. */
  readonly name: string;
  readonly type: 'file' | 'directory' | 'link' | 'special';
  /** Bytes of a file, else 0. */
  readonly size: number;
  /** Permission bits, setuid and the like too. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch with nine decimals: a number would round them. */
  readonly mtime: string;
  readonly sha256?: string;
  /** Instead of it, of a large file: SHA-256 over the SHA-256 of each MiB, so that one MiB can change without reading the rest. */
  readonly blocks?: string;
  /** Where a link leads, C-escaped. */
  readonly target?: string;
  /** The first name of the same file, where it has several in this place. */
  readonly sameAs?: string;
}

/** An entry, and what only means something where it lies. */
export interface Raw extends Entry {
  readonly device: string;
  readonly inode: string;
  readonly links: number;
  /** As `mtime`. */
  readonly ctime: string;
  /** Bytes on disk. */
  readonly allocated: number;
}

const TYPES: ReadonlyMap<number, Entry['type']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'link'],
]);

/**
 * Reads `S %f %d %i %h %s %b %u %g %.9Y %.9Z %N` of GNU stat. Undefined where it is none: a `stat` that is killed leaves half a
 * record, and the next program writes on behind it.
 */
export function parseStat(record: string): Raw | undefined {
  const [, hexMode = '', device = '', inode = '', links, size, blocks, uid, gid, mtime = '', ctime = '', ...quoted] =
    record.split(' ');
  const bits = Number.parseInt(hexMode, 16);
  const type = TYPES.get(bits & 0o170000) ?? 'special';
  const named = splitQuoted(quoted.join(' '));
  if (named === undefined) return undefined;
  const { name, target } = named;
  return {
    name,
    type,
    size: type === 'file' ? Number(size) : 0,
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    mtime,
    ...(target === undefined ? {} : { target }),
    device,
    inode,
    links: Number(links),
    ctime,
    allocated: Number(blocks) * 512,
  };
}

/** Drops what means nothing elsewhere; special files are not compared. */
export function toEntries(raw: Iterable<Raw>): readonly Entry[] {
  return [...entriesOf(raw)];
}

type Digests = Pick<Entry, 'sha256' | 'blocks'>;

/** The same one by one, with the digests that are known of each. */
export function* entriesOf(
  raw: Iterable<Raw>,
  digestsOf: (entry: Raw) => Digests = (entry) => entry,
): Generator<Entry> {
  const first = new Map<string, string>();
  for (const entry of raw) {
    const { name, type, size, mode, uid, gid, mtime, target, device, inode, links } = entry;
    if (type === 'special') continue;
    const isFile = type === 'file';
    const { sha256, blocks } = isFile ? digestsOf(entry) : {};
    const key = isFile && links > 1 ? `${device}:${inode}` : undefined;
    const sameAs = key === undefined ? undefined : first.get(key);
    if (key !== undefined && sameAs === undefined) first.set(key, name);
    yield {
      ...{ name, type, size, mode, uid, gid, mtime },
      ...(target === undefined ? undefined : { target }),
      ...(sha256 === undefined ? undefined : { sha256 }),
      ...(blocks === undefined ? undefined : { blocks }),
      ...(sameAs === undefined ? undefined : { sameAs }),
    };
  }
}

/** How far two lists of one place are compared. */
export interface Comparison {
  /** Contents, or only what `stat` says. */
  readonly digests: boolean;
  /** The place's own directory: not where a folder of ours stands for it. Its mtime never: our own folders in it change that. */
  readonly root: boolean;
}

const FIELDS = ['type', 'size', 'mode', 'uid', 'gid', 'mtime', 'target', 'sameAs', 'sha256', 'blocks'] as const;

function describe(entry: Entry | undefined, fields: readonly (typeof FIELDS)[number][]): string {
  if (entry === undefined) return 'nothing';
  return fields.map((field) => `${field} ${showField(entry, field)}`).join(', ');
}

function showField(entry: Entry, field: (typeof FIELDS)[number]): string {
  const value = entry[field];
  return field === 'mode' ? `0${entry.mode.toString(8)}` : String(value ?? 'none');
}

/** What differs, in the order of the names. */
export function compare(
  expected: Iterable<Entry>,
  saw: Iterable<Entry>,
  { digests, root }: Comparison,
): readonly Difference[] {
  const wanted = new Map<string, Entry>();
  for (const entry of expected) wanted.set(entry.name, entry);
  const differences: Difference[] = [];
  const judge = (name: string, a: Entry | undefined, b: Entry | undefined): void => {
    if (name === '' && !root) return;
    const isDiffering = (field: (typeof FIELDS)[number]) =>
      a?.[field] !== b?.[field] &&
      (digests || (field !== 'sha256' && field !== 'blocks')) &&
      (name !== '' || field !== 'mtime');
    if (!FIELDS.some(isDiffering)) return;
    const fields = FIELDS.filter(isDiffering);
    differences.push({ path: name, saw: describe(b, fields), expected: describe(a, fields) });
  };
  // One by one: what was seen may be made as it is compared.
  for (const entry of saw) {
    judge(entry.name, wanted.get(entry.name), entry);
    wanted.delete(entry.name);
  }
  for (const entry of wanted.values()) judge(entry.name, entry, undefined);
  differences.sort((a, b) => (a.path < b.path ? -1 : 1));
  return differences;
}
