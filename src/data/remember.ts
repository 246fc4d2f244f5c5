import type { FileStat } from '../host/files.ts';
import type { Raw } from './entry.ts';

/** What a hot copy has under one name, and how it is known to be what the source has. */
export interface Kept {
  readonly isDirectory: boolean;
  /** What the source's `stat` says as long as it is the same as this copy; undefined: not proven, to be copied again. */
  readonly signature?: string;
  readonly sha256?: string;
}

/** By name. */
export type Memory = ReadonlyMap<string, Kept>;

/** Changes with every change of content or attributes: no program can set a ctime. */
export function signatureOf({ type, device, inode, size, mtime, ctime }: Raw): string {
  return `${type}:${device}:${inode}:${size}:${mtime}:${ctime}`;
}

/** The same of a look of this process, for times since 1970. */
export function signatureOfStat({ type, device, inode, size, mtimeNs, ctimeNs }: FileStat): string {
  const length = type === 'file' ? size : 0;
  const kind = type === 'other' ? 'special' : type;
  return `${kind}:${device}:${inode}:${length}:${decimalOf(mtimeNs)}:${decimalOf(ctimeNs)}`;
}

/** Seconds with nine decimals. */
export function decimalOf(nanoseconds: bigint): string {
  const fraction = String(nanoseconds % 1_000_000_000n).padStart(9, '0');
  return `${nanoseconds / 1_000_000_000n}.${fraction}`;
}

/** What `stat` cannot tell apart. */
export interface Doubts {
  /** Seconds since the epoch with nine decimals; what changed later may change again within one tick of the file system's clock. */
  readonly tick: string;
  /** Inodes that a program has mapped to write: a page that is dirty already takes more without a new mtime. */
  readonly mapped: ReadonlySet<string>;
}

/**
 * Compares a place as it was before the copy with what was copied. `digests` by name, of the source.
 * A name stays unproven where the two differ, where `stat` proves nothing, and where any other name of the same file does.
 */
export function remember(
  before: readonly Raw[],
  copied: readonly Raw[],
  digests: ReadonlyMap<string, string>,
  { tick, mapped }: Doubts,
): Memory {
  const source = new Map(before.map((entry) => [entry.name, entry]));
  const inodes = new Map<string, string>();
  const had = new Set(copied.map(({ name }) => name));
  const broken = new Set(before.filter(({ name }) => !had.has(name)).map(({ inode }) => inode));
  const isSame = (copy: Raw): boolean => {
    const entry = source.get(copy.name);
    if (entry === undefined || !alike(entry, copy) || later(entry.ctime, tick)) return false;
    if (mapped.has(entry.inode)) return false;
    if (entry.type === 'file' && !digests.has(entry.name)) return false;
    return entry.links < 2 || entry.type === 'directory' || copy.inode === (inodes.get(entry.inode) ?? copy.inode);
  };
  const sound = copied.map((copy) => {
    const inode = source.get(copy.name)?.inode;
    const same = isSame(copy);
    if (inode !== undefined && same) inodes.set(inode, copy.inode);
    if (inode !== undefined && !same) broken.add(inode);
    return same;
  });
  return new Map(
    copied.map((copy, index): [string, Kept] => {
      const entry = source.get(copy.name);
      const isDirectory = copy.type === 'directory';
      if (!sound[index] || entry === undefined || broken.has(entry.inode)) return [copy.name, { isDirectory }];
      const sha256 = digests.get(copy.name);
      return [copy.name, { isDirectory, signature: signatureOf(entry), ...(sha256 === undefined ? {} : { sha256 }) }];
    }),
  );
}

const FIELDS = ['type', 'size', 'mode', 'uid', 'gid', 'mtime', 'target'] as const;

function alike(a: Raw, b: Raw): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

function later(time: string, than: string): boolean {
  const [a, b] = [time, than].map((text) => text.split('.'));
  const seconds = Number(a?.[0]) - Number(b?.[0]);
  return seconds === 0 ? String(a?.[1]) > String(b?.[1]) : seconds > 0;
}
