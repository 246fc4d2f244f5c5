import { createHash } from 'node:crypto';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { Generation } from './data.ts';
import type { Entry } from './entry.ts';
import type { Sight } from './listing.ts';
import { escapeName } from './names.ts';
import type { Place } from './place.ts';

/** One place and all that was in it; no entries: it was absent. */
export interface ManifestPlace extends Place {
  readonly entries: readonly Entry[];
}

interface Manifest {
  readonly format: 1;
  readonly places: readonly ManifestPlace[];
}

/** A place that is known from its manifest, looked at somewhere. */
export interface KeptSight extends Sight {
  readonly place: ManifestPlace;
}

const MAX_BYTES = 1024 * 1024 * 1024;

export function manifestPath(generation: Generation): string {
  return `${generation.root}/manifest.json`;
}

/** The paths (C-escaped) of what has a digest of its blocks, at these sights of the places. */
export function inBlocks(sights: readonly KeptSight[]): ReadonlySet<string> {
  return new Set(
    sights.flatMap(({ place, at }) =>
      place.entries.filter(({ blocks }) => blocks !== undefined).map(({ name }) => `${escapeName(at)}/${name}`),
    ),
  );
}

/** Where a place's directory is kept. */
export function treePath(generation: Generation, place: Pick<Place, 'directory'>): string {
  return `${generation.root}/tree${place.directory}`;
}

/** Writes it whole and synced: from then on the generation counts. Returns its SHA-256. */
export async function writeManifest(
  files: Files,
  generation: Generation,
  places: readonly ManifestPlace[],
): Promise<string> {
  const text = `${JSON.stringify({ format: 1, places } satisfies Manifest)}\n`;
  await files.writeAtomic(manifestPath(generation), text, { mode: 0o600 });
  return createHash('sha256').update(text).digest('hex');
}

export async function readManifest(
  files: Files,
  generation: Generation,
  sha256?: string,
): Promise<readonly ManifestPlace[]> {
  const path = manifestPath(generation);
  const text = (await files.read(path, { maxBytes: MAX_BYTES })).toString();
  const saw = createHash('sha256').update(text).digest('hex');
  if (sha256 !== undefined && saw !== sha256)
    throw new RefitError('E_DIGEST_MISMATCH', `Cannot use the copy at ${path}: saw ${saw}, expected ${sha256}`, {
      hint: 'Somebody changed it since it was made: refit backup list shows other copies',
      facts: { path, saw, expected: sha256 },
    });
  return parseManifest(text, path);
}

/** Only we write it, into a folder only we can write; a damaged digest in it is found when the copy is proven against it. */
function parseManifest(text: string, path: string): readonly ManifestPlace[] {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch (cause) {
    throw new RefitError('E_DIGEST_MISMATCH', `Cannot use the copy at ${path}: saw damaged JSON`, { cause });
  }
  if (manifest.format !== 1 || manifest.places === undefined)
    throw new RefitError(
      'E_DIGEST_MISMATCH',
      `Cannot use the copy at ${path}: saw format ${JSON.stringify(manifest.format)}, expected 1`,
      { hint: 'Use the version of refit that made it', facts: { path } },
    );
  return manifest.places;
}
