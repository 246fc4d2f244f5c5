import { createHash, type Hash } from 'node:crypto';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { Generation } from './data.ts';
import { ManifestLines, type ManifestPlace, type ManifestSource, manifestTexts } from './manifest-lines.ts';
import { escapeName } from './names.ts';
import type { Place } from './place.ts';
import type { Sight } from './sight.ts';

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
  places: readonly ManifestSource[],
): Promise<string> {
  const hash = createHash('sha256');
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    for (const text of manifestTexts(places)) {
      const part = Buffer.from(text);
      hash.update(part);
      yield part;
    }
  };
  await files.writeAtomic(manifestPath(generation), parts(), { mode: 0o600 });
  return hash.digest('hex');
}

export async function readManifest(
  files: Files,
  generation: Generation,
  sha256?: string,
): Promise<readonly ManifestPlace[]> {
  const path = manifestPath(generation);
  const hash = createHash('sha256');
  const read = await readPlaces(files, path, hash);
  if (read !== undefined) {
    proveDigest(path, hash, sha256);
    return read;
  }
  // Read once more, and this is the text that is used: the digest of the first one would say nothing about it.
  const bytes = await files.read(path, { maxBytes: MAX_BYTES });
  proveDigest(path, createHash('sha256').update(bytes), sha256);
  return parseManifest(bytes.toString(), path);
}

function proveDigest(path: string, hash: Hash, expected: string | undefined): void {
  const saw = hash.digest('hex');
  if (expected === undefined || saw === expected) return;
  throw new RefitError('E_DIGEST_MISMATCH', `Cannot use the copy at ${path}: saw ${saw}, expected ${expected}`, {
    hint: 'Somebody changed it since it was made: refit backup list shows other copies',
    facts: { path, saw, expected },
  });
}

/** Line by line, as it is written. Undefined where a line is none of ours, as of a manifest in one line: that is read as any JSON. */
async function readPlaces(files: Files, path: string, hash: Hash): Promise<readonly ManifestPlace[] | undefined> {
  const lines = new ManifestLines();
  for await (const part of files.stream(path) as AsyncIterable<Buffer>) {
    hash.update(part);
    lines.push(part);
  }
  return lines.end();
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
