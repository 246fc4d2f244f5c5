import type { Files } from '../host/files.ts';
import type { Generation } from './data.ts';
import { readManifest } from './manifest.ts';
import { escapeName } from './names.ts';

/** See `Data.digests`. */
export async function digests(files: Files, generation: Generation): Promise<ReadonlyMap<string, string>> {
  const places = await readManifest(files, generation);
  return new Map(
    places.flatMap(({ directory, entries }) =>
      entries.flatMap(({ name, sha256, blocks }): [string, string][] => {
        const digest = sha256 ?? (blocks === undefined ? undefined : `blocks:${blocks}`);
        return digest === undefined ? [] : [[`tree${escapeName(directory)}/${name}`, digest]];
      }),
    ),
  );
}
