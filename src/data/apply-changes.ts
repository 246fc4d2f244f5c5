import { digestsOf, refuseChanged } from './at-rest.ts';
import { bulk } from './bulk.ts';
import type { Changes } from './changes.ts';
import type { Generation } from './data.ts';
import { dressDirectories } from './dress-directories.ts';
import { syncChanged } from './durable.ts';
import type { DataHost } from './listing.ts';
import { type At, forMany, inputOf, together } from './many.ts';
import type { Place } from './place.ts';
import { CP } from './tools.ts';
import { keptSights, treeOf } from './tree.ts';

/**
 * Brings the copy up to date and to the disk. Returns, for each place, the digests of the files it copied, by name.
 * cp makes no directory here: it would give it the setgid bit of its parent (coreutils 9.1).
 */
export async function applyChanges(
  host: DataHost,
  places: readonly Place[],
  generation: Generation,
  changes: readonly Changes[],
): Promise<readonly ReadonlyMap<string, string>[]> {
  const kept = keptSights(places, generation).map(({ at }) => at);
  const inCopy = (choose: (change: Changes) => readonly string[]): readonly At[] =>
    changes.flatMap((change, index) => choose(change).map((name) => ({ at: kept[index] ?? '', name })));
  const gone = inCopy((change) => change.gone);
  const made = inCopy((change) => change.make);
  await run(host, ['rm', '-rf', '--'], gone);
  for (const [index, { make, copy }] of changes.entries())
    if (make.length + copy.length > 0) await host.files.makeDirectory(kept[index] ?? '', { mode: 0o700 });
  await run(host, ['mkdir', '--mode=700', '--'], made);

  const live = changes.map(({ copy }, index) =>
    copy.map((entry) => ({ at: places[index]?.directory ?? '', name: entry.name, entry })),
  );
  const files = live.map((entries) => entries.filter(({ entry }) => entry.type === 'file'));
  const [sums] = await Promise.all([digestsOf(host, files.flat()), copyAgain(host, generation, live.flat())]);
  await refuseChanged(host, live.flat());
  const dressed = changes.flatMap(({ dress }, index) =>
    dress.map((name) => ({ at: places[index]?.directory ?? '', name })),
  );
  await dressDirectories(host, treeOf(generation), dressed);
  const written = changes.flatMap(({ copy, dress }, index) =>
    [...copy.filter(({ type }) => type === 'file').map(({ name }) => name), ...dress].map((name) => ({
      at: kept[index] ?? '',
      name,
    })),
  );
  await syncChanged(host, treeOf(generation), written, [...gone, ...made]);
  let next = 0;
  return files.map((entries) => new Map(entries.map(({ name }) => [name, sums[next++] ?? ''])));
}

async function run(
  { commands }: DataHost,
  command: readonly [string, ...string[]],
  names: readonly At[],
): Promise<void> {
  if (names.length > 0) await bulk(commands, forMany(command), { input: inputOf(names) });
}

/** Names of one file go to one cp, which links them again. */
async function copyAgain(
  host: DataHost,
  generation: Generation,
  entries: readonly (At & { readonly entry: { readonly links: number; readonly inode: string } })[],
): Promise<void> {
  const linked = together(
    entries.filter(({ entry }) => entry.links > 1),
    ({ entry }) => entry.inode,
  );
  const single = entries.filter(({ entry }) => entry.links < 2);
  const command = forMany([...CP, '--remove-destination', '--parents', '-t', '.', '--']);
  for (const part of [...linked, single].filter(({ length }) => length > 0))
    await bulk(host.commands, command, { input: inputOf(part), cwd: treeOf(generation) });
}
