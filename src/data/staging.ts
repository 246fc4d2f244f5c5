import { posix } from 'node:path';
import type { Files } from '../host/files.ts';
import { bulk } from './bulk.ts';
import type { Generation, PutBackOptions } from './data.ts';
import { syncNew } from './durable.ts';
import { withEntries } from './entries.ts';
import { type DataHost, startsOf } from './listing.ts';
import { type KeptSight, treePath } from './manifest.ts';
import type { ManifestPlace } from './manifest-lines.ts';
import { CP } from './tools.ts';

/**
 * How far putting back one place has come is the name of its staging folder, changed by one rename each, so that a call after a
 * kill knows what is old and what is new without asking the data:
 *
 *     (none) ──copy──▶ making ──proven, synced──▶ ready ──live moved away──▶ entering ──staged moved in──▶ (none)
 */
type Phase = 'making' | 'ready' | 'entering';

/** The staging folder of one place; `index` tells apart the ones that share a directory. */
export interface Staging {
  readonly place: ManifestPlace;
  /** `<dir>/.refit-<run>`, shared with whoever else stages there. */
  readonly folder: string;
  /** What was live goes there. */
  readonly displaced: string;
  readonly phase: 'none' | 'ready' | 'entering';
  path(phase: Phase): string;
}

export async function stagingOf(
  files: Files,
  place: ManifestPlace,
  index: number,
  { run, displaced }: PutBackOptions,
): Promise<Staging> {
  const folder = `${place.directory}/.refit-${run}`;
  const path = (phase: Phase) => `${folder}/data-${index}-${phase}`;
  const [ready, entering] = await Promise.all([files.stat(path('ready')), files.stat(path('entering'))]);
  const phase = entering !== undefined ? 'entering' : ready !== undefined ? 'ready' : 'none';
  return { place, folder, path, phase, displaced: await displacedOf(files, place, run, displaced) };
}

/** Only within one file system is moving away a rename. */
async function displacedOf(files: Files, place: ManifestPlace, run: string, displaced: string): Promise<string> {
  const [here, there] = await Promise.all([nearest(files, place.directory), nearest(files, displaced)]);
  return here === there ? `${displaced}${place.directory}` : `${place.directory}/.refit-displaced-${run}`;
}

/** The device of a path that need not exist yet. */
async function nearest(files: Files, path: string): Promise<bigint | undefined> {
  const found = await files.stat(path);
  if (found !== undefined || path === '/') return found?.device;
  return nearest(files, posix.dirname(path));
}

export function stagedSight(staging: Staging, phase: Phase): KeptSight {
  return { place: staging.place, at: staging.path(phase) };
}

/** Copies a place out of the generation, beside where it goes. Live stays as it is. */
export async function stage(host: DataHost, generation: Generation, staging: Staging): Promise<void> {
  const { place, folder } = staging;
  await host.files.makeDirectory(place.directory, { mode: 0o755 });
  await host.files.makeDirectory(folder, { mode: 0o700 });
  await host.files.removeTree(staging.path('making'));
  await host.files.makeDirectory(staging.path('making'), { mode: 0o700 });
  // The tree holds other places too: what is left out of this directory may be an item of its own.
  const kept = { place, at: treePath(generation, place) };
  const starts = await startsOf(host.files, kept);
  if (starts.length === 0) return;
  const command = [...CP, '-t', staging.path('making'), '--'] as const;
  if (place.names !== undefined) await bulk(host.commands, [...command, ...starts]);
  else await withEntries(host, kept, command, (argv) => bulk(host.commands, argv));
}

/** From here on the live ones may go: what replaces them is whole and on the disk. */
export async function markReady(host: DataHost, staging: Staging): Promise<void> {
  const { files } = host;
  await syncNew(host, staging.path('making'), staging.place.entries.length);
  await files.rename(staging.path('making'), staging.path('ready'));
  await files.sync(staging.folder);
}

/** Removes the staging of one place, whatever its phase, and the folder if nobody else stages in it. */
export async function clear(files: Files, staging: Staging): Promise<void> {
  for (const phase of ['making', 'ready', 'entering'] as const) await files.removeTree(staging.path(phase));
  if ((await files.stat(staging.folder)) !== undefined && (await files.list(staging.folder)).length === 0)
    await files.remove(staging.folder);
}
