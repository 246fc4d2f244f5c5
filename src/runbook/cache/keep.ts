import type { Json } from '../../engine/json.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../ignoring.ts';

export interface Shelves {
  /** Where the archives of a release lie. */
  readonly downloads: string;
  readonly cache: string;
}

/** What of a proof's evidence counts here, by asset name: see `Proven`. */
type Evidences = { readonly [asset: string]: { readonly sha256: string; readonly size: number } };

/**
 * Moves the archives that were proven into the cache: a rename each, so that a kill leaves it here or there, and another run that
 * does the same at the same time puts the same bytes there. One that cannot be kept is fetched again some day, and stops nothing.
 */
export async function keepInCache(
  { files }: Pick<Host, 'files'>,
  { downloads, cache }: Shelves,
  proven: Json | undefined,
): Promise<void> {
  for (const [asset, { sha256, size }] of Object.entries((proven ?? {}) as Evidences)) {
    await ignoring(async () => {
      const path = `${downloads}/${asset}`;
      const there = await files.stat(path);
      // Moved already, by a call that was killed; or not what was proven any more.
      if (there?.type !== 'file' || there.size !== size) return;
      if ((await files.stat(cache)) === undefined) await files.makeDirectory(cache, { mode: 0o700 });
      await files.rename(path, `${cache}/${sha256}`);
    });
  }
}
