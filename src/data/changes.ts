import type { Raw } from './entry.ts';
import { isUnchanged, type Memory } from './remember.ts';

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

/** `now`: the stopped source. The place's own directory is nobody's: the copy keeps it closed. One pass: it is in the window. */
export function changesOf(memory: Memory, now: readonly Raw[]): Changes {
  const [make, copy, directories]: [string[], Raw[], Raw[]] = [[], [], []];
  const isSame = (entry: Raw, look = memory.get(entry.name)?.seen) =>
    look !== undefined && (look === entry || isUnchanged(entry, look));
  let kept = memory.has('') ? 1 : 0;
  for (const entry of now) {
    if (entry.name === '') continue;
    const isDirectory = entry.type === 'directory';
    const isKept = memory.get(entry.name)?.isDirectory === isDirectory;
    if (isKept) kept += 1;
    if (isDirectory) directories.push(entry);
    if (isDirectory && !isKept) make.push(entry.name);
    if (!isDirectory && !isSame(entry)) copy.push(entry);
  }
  // Most often nothing has gone, and then nobody need ask of each whether it is there.
  const gone = kept === memory.size ? new Set<string>() : goneOf(memory, now);
  // To remove and to make something changes the mtime of the copy's directory, also where the source's has not changed.
  const touched = new Set([...gone, ...copy.map(({ name }) => name)].map(parentOf));
  return {
    gone: [...gone].filter((name) => !gone.has(parentOf(name))).sort(),
    make,
    copy: copy.sort((a, b) => Number(b.links > 1) - Number(a.links > 1) || compareText(a.inode, b.inode)),
    dress: directories.filter((entry) => !isSame(entry) || touched.has(entry.name)).map(({ name }) => name),
  };
}

export function isAny({ gone, make, copy, dress }: Changes): boolean {
  return gone.length + make.length + copy.length + dress.length > 0;
}

function goneOf(memory: Memory, now: readonly Raw[]): ReadonlySet<string> {
  const gone = new Set(memory.keys());
  gone.delete('');
  for (const { name, type } of now) if (memory.get(name)?.isDirectory === (type === 'directory')) gone.delete(name);
  return gone;
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
