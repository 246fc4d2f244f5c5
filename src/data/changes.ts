import type { Raw } from './entry.ts';
import { type Memory, signatureOf } from './remember.ts';

/** What makes the hot copy of one place the copy of the stopped source. Names relative to the place, each list sorted. */
export interface Changes {
  /** To be removed from the copy, with all below. */
  readonly gone: readonly string[];
  /** Directories to make. */
  readonly make: readonly string[];
  /** Anything but directories, new or changed; names of one file beside each other. */
  readonly copy: readonly Raw[];
  /** Directories whose mode, owner, attributes or mtime are to be set. */
  readonly dress: readonly string[];
}

/** `now`: the stopped source. The place's own directory is nobody's: the copy keeps it closed. */
export function changesOf(memory: Memory, now: readonly Raw[]): Changes {
  const below = now.filter(({ name }) => name !== '');
  const wanted = new Map(below.map((entry) => [entry.name, entry.type === 'directory']));
  const gone = [...memory]
    .filter(([name, { isDirectory }]) => name !== '' && wanted.get(name) !== isDirectory)
    .map(([name]) => name)
    .sort();
  const removed = new Set(gone);
  const isKept = ({ name }: Raw) => memory.has(name) && !removed.has(name);
  const isSame = (entry: Raw) => isKept(entry) && memory.get(entry.name)?.signature === signatureOf(entry);
  const directories = below.filter(({ type }) => type === 'directory');
  const copy = below.filter((entry) => entry.type !== 'directory' && !isSame(entry));
  // To remove and to make something changes the mtime of the copy's directory, also where the source's has not changed.
  const touched = new Set([...gone, ...copy.map(({ name }) => name)].map(parentOf));
  return {
    gone: gone.filter((name) => !removed.has(parentOf(name))),
    make: directories.filter((entry) => !isKept(entry)).map(({ name }) => name),
    copy: copy.sort((a, b) => Number(b.links > 1) - Number(a.links > 1) || compareText(a.inode, b.inode)),
    dress: directories.filter((entry) => !isSame(entry) || touched.has(entry.name)).map(({ name }) => name),
  };
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
