import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { DataItem, Generation } from './data.ts';

/** A data item with its links resolved: what is to be copied, where it really is. */
export interface Place {
  /** As the installation names it, for people. */
  readonly path: string;
  readonly kind: DataItem['kind'];
  /** The listed directory itself, or the one that holds the file. */
  readonly directory: string;
  /** The files in it that belong together; undefined: everything but `exclude`. */
  readonly names?: readonly string[];
  readonly exclude: readonly string[];
}

/** SQLite's own files beside a database. Source: https://www.sqlite.org/tempfiles.html */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** In any listed directory: our own folders, and what e2fsck keeps at the root of an ext4 file system. */
export const ALWAYS_LEFT = ['.refit-*', 'lost+found'];

export function isLeftAlone(place: Pick<Place, 'exclude'>, name: string): boolean {
  return name.startsWith('.refit-') || name === 'lost+found' || place.exclude.includes(name);
}

/** The path behind the links; where nothing is there yet, that of its nearest parent that exists. */
async function realPath(files: Files, path: string): Promise<string> {
  try {
    return await files.realPath(path);
  } catch (error) {
    if (!(error instanceof RefitError && error.code === 'E_NOT_FOUND')) throw error;
  }
  // A dangling link would make us create a file under the link's own name.
  if ((await files.stat(path)) !== undefined)
    throw new RefitError('E_FILE', `Cannot find the data at ${path}: saw a link that leads nowhere, expected data`, {
      hint: `Look at ls -l ${path}; mount or create what it leads to`,
      facts: { path },
    });
  return posix.join(await realPath(files, posix.dirname(path)), posix.basename(path));
}

async function resolve(files: Files, item: DataItem): Promise<Place> {
  const real = await realPath(files, posix.normalize(item.path).replace(/(?<=.)\/$/, ''));
  if (real === '/' || !posix.isAbsolute(item.path))
    throw new RefitError('E_CONFIG_INVALID', `Cannot copy ${item.path} as data: saw ${real}, expected a path below /`);
  const { path, kind } = item;
  if (kind === 'directory') return { path, kind, directory: real, exclude: [...new Set(item.exclude)].sort() };
  const [directory, name] = [posix.dirname(real), posix.basename(real)];
  const names = kind === 'database' ? [name, ...COMPANIONS.map((suffix) => name + suffix)] : [name];
  return { path, kind, directory, names, exclude: [] };
}

/** Whether `outer` copies all of `inner` anyway. */
function covers(outer: Place, inner: Place): boolean {
  if (outer === inner) return false;
  if (outer.kind !== 'directory')
    return outer.directory === inner.directory && (inner.names?.every((name) => outer.names?.includes(name)) ?? false);
  if (inner.kind === 'directory' && inner.directory === outer.directory) return true;
  const below = `${inner.directory}/${inner.names?.[0] ?? ''}`;
  if (!below.startsWith(`${outer.directory}/`)) return false;
  const first = below.slice(outer.directory.length + 1).split('/')[0] ?? '';
  return !isLeftAlone(outer, first);
}

/** The generation's folder inside a listed directory is not part of it; deeper than one level it would hide data beside it. */
function withoutGeneration(place: Place, root: string): Place {
  if (place.kind !== 'directory' || !`${root}/`.startsWith(`${place.directory}/`)) return place;
  const [first = '', ...deeper] = root.slice(place.directory.length + 1).split('/');
  if (first !== '' && isLeftAlone(place, first)) return place;
  if (first === '' || deeper.length > 0)
    throw new RefitError(
      'E_FILE',
      `Cannot keep a copy of ${place.directory} at ${root}: saw a place among the data, expected one beside it`,
      { facts: { path: root } },
    );
  return { ...place, exclude: [...place.exclude, first].sort() };
}

/** Links resolved, duplicates and what a listed directory covers dropped. The only place that decides what belongs together. */
export async function placesOf(
  files: Files,
  items: readonly DataItem[],
  generation?: Generation,
): Promise<readonly Place[]> {
  const all = await Promise.all(items.map((item) => resolve(files, item)));
  const kept: Place[] = [];
  for (const place of all) {
    if (kept.some((other) => covers(other, place))) continue;
    const rest = kept.filter((other) => !covers(place, other));
    kept.splice(0, kept.length, ...rest, place);
  }
  if (generation === undefined) return kept;
  const root = await realPath(files, generation.root);
  return kept.map((place) => withoutGeneration(place, root));
}

/** A directory listed as a file would be copied without what is in it. */
export async function refuseKinds(files: Files, places: readonly Place[]): Promise<void> {
  for (const { path, directory, names } of places) {
    const expected = names === undefined ? 'directory' : 'file';
    for (const real of names?.map((name) => `${directory}/${name}`) ?? [directory]) {
      const type = (await files.stat(real))?.type ?? expected;
      if (type === expected) continue;
      throw new RefitError('E_FILE', `Cannot copy ${path}: saw ${real} of type ${type}, expected a ${expected}`, {
        facts: { path: real },
      });
    }
  }
}
