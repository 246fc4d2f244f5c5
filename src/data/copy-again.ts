import { bulk } from './bulk.ts';
import type { Changed, InCopy, Unfinished } from './changed.ts';
import type { Changes } from './changes.ts';
import type { StartCopy } from './copy-all.ts';
import type { Generation } from './data.ts';
import { syncChanged } from './durable.ts';
import type { DataHost } from './listing.ts';
import { type At, forMany, inputOf, together } from './many.ts';
import { CP } from './tools.ts';
import { keptSights, treeOf } from './tree.ts';

/**
 * Removes and makes the names in the copy, before anything is copied into it. cp makes no directory: it would give it the setgid
 * bit of its parent (coreutils 9.1).
 */
export async function renewNames(
  host: DataHost,
  { places, generation }: Unfinished,
  changes: readonly Changes[],
): Promise<InCopy> {
  const kept = keptSights(places, generation).map(({ at }) => at);
  const inCopy = (choose: (change: Changes) => readonly string[]): readonly At[] =>
    changes.flatMap((change, index) => choose(change).map((name) => ({ at: kept[index] ?? '', name })));
  const gone = inCopy((change) => change.gone);
  const made = inCopy((change) => change.make);
  await run(host, ['rm', '-rf', '--'], gone);
  for (const [index, { make, copy }] of changes.entries())
    if (make.length + copy.length > 0) await host.files.makeDirectory(kept[index] ?? '', { mode: 0o700 });
  await run(host, ['mkdir', '--mode=700', '--'], made);
  return { gone, made };
}

async function run(
  { commands }: DataHost,
  command: readonly [string, ...string[]],
  names: readonly At[],
): Promise<void> {
  if (names.length > 0) await bulk(commands, forMany(command), { input: inputOf(names) });
}

/** Copies them whole. Names of one file go to one cp, which links them again. */
export async function copyAgain(generation: Generation, entries: readonly Changed[], start: StartCopy): Promise<void> {
  const linked = together(
    entries.filter(({ entry }) => entry.links > 1),
    ({ entry }) => entry.inode,
  );
  const single = entries.filter(({ entry }) => entry.links < 2);
  const command = forMany([...CP, '--remove-destination', '--parents', '-t', '.', '--']);
  for (const part of [...linked, single].filter(({ length }) => length > 0))
    await start(command, { input: inputOf(part), cwd: treeOf(generation) });
}

/** Gives copies whose content is there owner, mode, times and attributes. What the source has no more of those, they keep. */
export async function dressFiles(generation: Generation, files: readonly At[], start: StartCopy): Promise<void> {
  if (files.length === 0) return;
  const command = forMany([...CP, '--attributes-only', '--parents', '-t', '.', '--']);
  await start(command, { input: inputOf(files), cwd: treeOf(generation) });
}

/** The directories to dress, by their sources. */
export function dressOf({ places }: Unfinished, changes: readonly Changes[]): readonly At[] {
  return changes.flatMap(({ dress }, index) => dress.map((name) => ({ at: places[index]?.directory ?? '', name })));
}

/** Brings to the disk what was removed, made, copied and dressed. */
export async function syncAgain(
  host: DataHost,
  { places, generation }: Unfinished,
  changes: readonly Changes[],
  { gone, made }: InCopy,
): Promise<void> {
  const kept = keptSights(places, generation).map(({ at }) => at);
  const written = changes.flatMap(({ copy, dress }, index) =>
    [...copy.filter(({ type }) => type === 'file').map(({ name }) => name), ...dress].map((name) => ({
      at: kept[index] ?? '',
      name,
    })),
  );
  await syncChanged(host, treeOf(generation), written, [...gone, ...made]);
}
