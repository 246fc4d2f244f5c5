import type { Argv, CommandOptions } from '../host/commands.ts';
import type { Generation } from './data.ts';
import { withEntries } from './entries.ts';
import { type DataHost, startsOf } from './listing.ts';
import { treePath } from './manifest.ts';
import type { Sight } from './sight.ts';
import { CP } from './tools.ts';

/** Runs one copying child: `bulk`, or `bulkMoving`. */
export type StartCopy = (argv: Argv, options: Pick<CommandOptions, 'cwd' | 'input'>) => Promise<void>;

/**
 * Whether there was anything to copy. One child for all single files together, and one for each directory. `--parents` is right for files only: coreutils 9.1 makes a
 * subdirectory of a setgid parent setgid, and looks for the modes of parents in the working directory instead of below `-t`.
 */
export async function copyAll(
  host: DataHost,
  live: readonly Sight[],
  generation: Generation,
  start: StartCopy,
): Promise<boolean> {
  const tree = `${generation.root}/tree`;
  const single = live.filter(({ place }) => place.names !== undefined);
  const names = (await Promise.all(single.map((sight) => startsOf(host.files, sight)))).flat();
  if (names.length > 0) await start([...CP, '--parents', '-t', '.', '--', ...names], { cwd: tree });
  let hasCopied = names.length > 0;
  for (const sight of live.filter(({ place }) => place.names === undefined)) {
    if ((await host.files.stat(sight.at)) === undefined) continue;
    const to = treePath(generation, sight.place);
    await host.files.makeDirectory(to, { mode: 0o700 });
    const done = await withEntries(host, sight, [...CP, '-t', to, '--'], (argv) => start(argv, {}));
    hasCopied ||= done.length > 0;
  }
  return hasCopied;
}
