import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { isLeftAlone, type Place } from './place.ts';

/** The first mount below a place that is not left alone, as one character per byte. */
export function mountBelow(place: Place, mounts: readonly string[]): string | undefined {
  const directory = `${Buffer.from(place.directory).toString('latin1')}/`;
  return mounts.find((mount) => {
    if (!mount.startsWith(directory)) return false;
    const first = Buffer.from(mount.slice(directory.length).split('/')[0] ?? '', 'latin1').toString();
    return place.names === undefined ? !isLeftAlone(place, first) : place.names.includes(first);
  });
}

/**
 * A mount inside the data is neither data to copy nor anything that can be renamed, and moving the directory above it carries
 * it away. Device numbers do not show it: a bind mount of the same file system has the same one.
 */
export async function refuseMounts(files: Files, places: readonly Place[]): Promise<void> {
  const mounts = await files.mounts();
  for (const place of places) {
    const mount = mountBelow(place, mounts);
    if (mount === undefined) continue;
    const shown = Buffer.from(mount, 'latin1').toString();
    throw new RefitError('E_FILE', `Cannot copy ${place.path}: saw a mount inside it at ${shown}, expected none`, {
      hint: 'Name it under exclude in the profile if it is not the data of the product, else list it as data of its own',
      facts: { path: place.path, mount: shown },
    });
  }
}
