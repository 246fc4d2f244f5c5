import type { FileStat } from '../host/files.ts';
import type { Content } from './content.ts';
import type { Raw } from './entry.ts';

/** What a hot copy has under one name, and how it is known to be what the source has. */
export interface Kept extends Content {
  readonly isDirectory: boolean;
  /** What the source looks like as long as it is the same as this copy; undefined: not proven, to be copied again. */
  readonly seen?: Raw;
}

/** By name. */
export type Memory = ReadonlyMap<string, Kept>;

/** Whether two looks are of the same, unchanged: no program can set a ctime. As `signatureOf`, for hundreds of thousands. */
export function isUnchanged(a: Raw, b: Raw): boolean {
  return (
    a.ctime === b.ctime &&
    a.inode === b.inode &&
    a.size === b.size &&
    a.mtime === b.mtime &&
    a.type === b.type &&
    a.device === b.device
  );
}

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
 * Compares a place as it was before the copy with what was copied. `contents` by name, of the source.
 * A name stays unproven where the two differ, where `stat` proves nothing, and where any other name of the same file does.
 */
export function remember(
  before: readonly Raw[],
  copied: readonly Raw[],
  contents: ReadonlyMap<string, Content>,
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
    if (entry.type === 'file' && !contents.has(entry.name)) return false;
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
      const content = contents.get(copy.name);
      if (!sound[index] || entry === undefined || broken.has(entry.inode))
        return [copy.name, { isDirectory, ...unproven(content) }];
      return [copy.name, { isDirectory, seen: entry, ...content }];
    }),
  );
}

/** Digests of blocks are in step with the copy, whatever the source does; a digest of the whole is of the source. */
function unproven(content: Content | undefined): Content {
  return content?.blocks === undefined ? {} : { blocks: content.blocks };
}

/**
 * The same after a refresh: what `stat` said before it and after it is the same, and between the two it was copied. `changed` by
 * name: what was copied or dressed again, and what is known of its content; `undressed`: no directory was. What cp copied and
 * nobody can vouch for is left out: it may have been anything at that moment, a directory too.
 */
export function rememberAgain(
  memory: Memory,
  before: readonly Raw[],
  after: readonly Raw[],
  changed: ReadonlyMap<string, Content>,
  { tick, mapped, undressed }: Doubts & { readonly undressed: boolean },
): Memory {
  const looks = new Map(after.filter(({ name }) => changed.has(name)).map((entry) => [entry.name, entry]));
  const isSame = (entry: Raw, look = looks.get(entry.name)) => look !== undefined && isUnchanged(entry, look);
  const isSound = (entry: Raw): boolean =>
    isSame(entry) &&
    !later(entry.ctime, tick) &&
    !mapped.has(entry.inode) &&
    !(undressed && entry.type === 'directory') &&
    (entry.type !== 'file' || isKnown(changed.get(entry.name)));
  const again = before.filter(({ name }) => changed.has(name));
  const broken = new Set(again.filter((entry) => !isSound(entry)).map(({ inode }) => inode));
  return new Map(
    before.flatMap((entry): readonly [string, Kept][] => {
      const content = changed.get(entry.name);
      const isDirectory = entry.type === 'directory';
      if (content === undefined) return [[entry.name, memory.get(entry.name) ?? { isDirectory }]];
      if (!broken.has(entry.inode)) return [[entry.name, { isDirectory, seen: entry, ...content }]];
      return isDirectory || content.blocks !== undefined ? [[entry.name, { isDirectory, ...unproven(content) }]] : [];
    }),
  );
}

function isKnown(content: Content | undefined): boolean {
  return content?.sha256 !== undefined || content?.blocks !== undefined;
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
