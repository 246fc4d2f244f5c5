import type { Argv } from '../host/commands.ts';
import { nameBytes } from './names.ts';

/** A name, C-escaped, and the folder it lies below. */
export interface At {
  readonly at: string;
  readonly name: string;
}

/** Well below what one exec takes (a quarter of the stack, 2 MiB), and much more than xargs takes of itself. */
const MAX_CHARS = 1_000_000;

/**
 * A command for any number of names of any bytes, which it reads from its input, each ended by NUL. The kernel clears the death
 * signal of a child's children, so setpriv passes it on.
 */
export function forMany(command: Argv): Argv {
  const xargs = ['xargs', '--null', '--no-run-if-empty', `--max-chars=${MAX_CHARS}`] as const;
  return [...xargs, 'setpriv', '--pdeathsig', 'KILL', '--', ...command];
}

/** Such names. */
export function inputOf(paths: readonly At[]): Uint8Array {
  const end = Buffer.from([0]);
  return Buffer.concat(paths.flatMap(({ at, name }) => [Buffer.from(`${at}/`), nameBytes(name), end]));
}

/** Splits what is sorted so that neighbours of one `key` stay together, and each part is for one exec of `forMany`. */
export function together<T extends At>(paths: readonly T[], key: (path: T) => string): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let chars = MAX_CHARS;
  let last: string | undefined;
  for (const path of paths) {
    const size = path.at.length + path.name.length + 10;
    if (key(path) !== last && chars + size > MAX_CHARS / 2) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)?.push(path);
    chars += size;
    last = key(path);
  }
  return parts;
}
