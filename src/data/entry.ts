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

/** Reads `S %f %d %i %h %s %b %u %g %.9Y %.9Z %N` of GNU stat. */
export function parseStat(record: string): Raw {
  const [, hexMode = '', device = '', inode = '', links, size, blocks, uid, gid, mtime = '', ctime = '', ...quoted] =
    record.split(' ');
  const bits = Number.parseInt(hexMode, 16);
  const type = TYPES.get(bits & 0o170000) ?? 'special';
  const { name, target } = splitQuoted(quoted.join(' '));
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
export function toEntries(raw: readonly Raw[]): readonly Entry[] {
  const first = new Map<string, string>();
  return raw
    .filter((entry) => entry.type !== 'special')
    .map(({ device, inode, links, ctime: _c, allocated: _a, ...entry }) => {
      if (entry.type !== 'file' || links < 2) return entry;
      const key = `${device}:${inode}`;
      const sameAs = first.get(key);
      if (sameAs !== undefined) return { ...entry, sameAs };
      first.set(key, entry.name);
      return entry;
    });
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
  expected: readonly Entry[],
  saw: readonly Entry[],
  { digests, root }: Comparison,
): readonly Difference[] {
  const [wanted, found] = [expected, saw].map((list) => new Map(list.map((entry) => [entry.name, entry])));
  const names = [...new Set([...(wanted?.keys() ?? []), ...(found?.keys() ?? [])])].sort();
  const differences: Difference[] = [];
  for (const name of names) {
    if (name === '' && !root) continue;
    const [a, b] = [wanted?.get(name), found?.get(name)];
    const fields = FIELDS.filter(
      (field) => (digests || (field !== 'sha256' && field !== 'blocks')) && (name !== '' || field !== 'mtime'),
    );
    const differing = fields.filter((field) => a?.[field] !== b?.[field]);
    if (differing.length === 0) continue;
    differences.push({ path: name, saw: describe(b, differing), expected: describe(a, differing) });
  }
  return differences;
}
