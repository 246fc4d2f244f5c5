import type { Argv } from '../host/commands.ts';
import { type DataHost, leftAlone } from './listing.ts';
import { isLeftAlone } from './place.ts';
import type { Sight } from './sight.ts';

/** Well below what one exec takes (a quarter of the stack, 2 MiB), names and pointers. */
const MAX_BYTES = 512 * 1024;
/** What a name that is not UTF-8 turns into on its way into a string; the name itself is lost. */
const REPLACED = '\uFFFD';

/**
 * Hands everything directly in a directory, but what is left alone, to one command; `act` starts it, seldom more than once.
 * The command is a direct child, because only that dies with us: a `cp` or `mv` that outlives a killed run works against the
 * next. Only where a name is no string does `find` start it, and setpriv passes our death on.
 */
export async function withEntries<T>(
  { files }: DataHost,
  sight: Sight,
  command: Argv,
  act: (argv: Argv) => Promise<T>,
): Promise<readonly T[]> {
  const names = (await files.list(sight.at)).filter((name) => !isLeftAlone(sight.place, name));
  const results: T[] = [];
  if (names.some((name) => name.includes(REPLACED))) {
    const choice = ['-mindepth', '1', '-maxdepth', '1', '!', ...leftAlone([sight], [])];
    const mortal = ['setpriv', '--pdeathsig', 'KILL', '--', ...command, '{}', '+'];
    return [await act(['find', sight.at, ...choice, '-exec', ...mortal])];
  }
  for (const part of parts(names.map((name) => `${sight.at}/${name}`))) results.push(await act([...command, ...part]));
  return results;
}

function parts(paths: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [];
  let bytes = MAX_BYTES;
  for (const path of paths) {
    const size = Buffer.byteLength(path) + 1 + 8;
    if (bytes + size > MAX_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(path);
    bytes += size;
  }
  return all;
}
