import type { FileStat } from '../host/files.ts';
import type { Content } from './content.ts';
import type { Raw } from './entry.ts';
import type { Known } from './found.ts';
import { decimalOf, isLater } from './time.ts';

/** What a hot copy has under one name, and how it is known to be what the source has. */
export interface Kept extends Content {
  readonly isDirectory: boolean;
  /** What the source looks like as long as it is the same as this copy; undefined: not proven, to be copied again. */
  readonly seen?: Raw;
}

/** By name. */
export type Memory = ReadonlyMap<string, Kept>;

/** For the next look: what has not changed is not made a second time. One memory for each place. */
export function seenIn(memories: readonly Memory[]): Known {
  return (place, name) => memories[place]?.get(name)?.seen;
}

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
  // No list of pairs to make a map of, here and below: there may be hundreds of thousands.
  const source = byName(before);
  const inodes = new Map<string, string>();
  const had = new Set<string>();
  for (const { name } of copied) had.add(name);
  const broken = new Set<string>();
  for (const { name, inode } of before) if (!had.has(name)) broken.add(inode);
  const isSame = (copy: Raw): boolean => {
    const entry = source.get(copy.name);
    if (entry === undefined || !alike(entry, copy) || isLater(entry.ctime, tick)) return false;
    if (mapped.has(entry.inode)) return false;
    if (entry.type === 'file' && !contents.has(entry.name)) return false;
    return entry.links < 2 || entry.type === 'directory' || copy.inode === (inodes.get(entry.inode) ?? copy.inode);
  };
  const sound = new Set<string>();
  for (const copy of copied) {
    const entry = source.get(copy.name);
    if (!isSame(copy)) {
      if (entry !== undefined) broken.add(entry.inode);
      continue;
    }
    sound.add(copy.name);
    if (entry !== undefined && entry.links > 1) inodes.set(entry.inode, copy.inode);
  }
  const memory = new Map<string, Kept>();
  for (const { name, type } of copied) {
    const entry = source.get(name);
    const isDirectory = type === 'directory';
    const content = contents.get(name);
    if (!sound.has(name) || entry === undefined || broken.has(entry.inode))
      memory.set(name, { isDirectory, ...unproven(content) });
    else memory.set(entry.name, { isDirectory, seen: entry, ...content });
  }
  return memory;
}

export function byName(entries: readonly Raw[]): ReadonlyMap<string, Raw> {
  const map = new Map<string, Raw>();
  for (const entry of entries) map.set(entry.name, entry);
  return map;
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
    !isLater(entry.ctime, tick) &&
    !mapped.has(entry.inode) &&
    !(undressed && entry.type === 'directory') &&
    (entry.type !== 'file' || isKnown(changed.get(entry.name)));
  const broken = new Set<string>();
  for (const entry of before) if (changed.has(entry.name) && !isSound(entry)) broken.add(entry.inode);
  const fresh = new Map<string, Kept>();
  for (const entry of before) {
    const content = changed.get(entry.name);
    const isDirectory = entry.type === 'directory';
    if (content === undefined) fresh.set(entry.name, memory.get(entry.name) ?? { isDirectory });
    else if (!broken.has(entry.inode)) fresh.set(entry.name, { isDirectory, seen: entry, ...content });
    else if (isDirectory || content.blocks !== undefined) fresh.set(entry.name, { isDirectory, ...unproven(content) });
  }
  return fresh;
}

function isKnown(content: Content | undefined): boolean {
  return content?.sha256 !== undefined || content?.blocks !== undefined;
}

const FIELDS = ['type', 'size', 'mode', 'uid', 'gid', 'mtime', 'target'] as const;

function alike(a: Raw, b: Raw): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}
