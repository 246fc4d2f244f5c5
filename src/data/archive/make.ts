import { posix } from 'node:path';
import type { Archived, ArchiveFile, ArchiveOptions, Compression } from '../archives.ts';
import type { Generation } from '../data.ts';
import type { DataHost } from '../listing.ts';
import { compress } from './compress.ts';
import { scanned } from './scan.ts';
import { TAR_OPTIONS, tarOf } from './tar.ts';

/** See `Archives.stream`. Returns how many members there are. */
export async function* streamOf(
  { files, commands }: DataHost,
  generation: Generation,
  compression: Compression,
  { stop }: Pick<ArchiveOptions, 'stop'> = {},
): AsyncGenerator<Uint8Array, number> {
  const argv = tarOf(generation.root, await files.list(generation.root));
  const tar = commands.stream(argv, { ...TAR_OPTIONS, ...(stop === undefined ? {} : { stop }) });
  let members = 0;
  // Ours is looked at like a stranger's: what could not be unpacked again is no archive.
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    members = yield* scanned(tar, `the archive of ${generation.root}`);
  };
  yield* compress(counted(), compression);
  return members;
}

/** See `Archives.make`. */
export async function make(
  host: DataHost,
  generation: Generation,
  { path, compression }: ArchiveFile,
  { stop, onProgress }: ArchiveOptions,
): Promise<Archived> {
  const { files, clock } = host;
  const begun = clock.monotonic();
  const part = partOf(path);
  await files.remove(part);
  let members = 0;
  const packed = async function* (): AsyncGenerator<Uint8Array> {
    members = yield* streamOf(host, generation, compression, { stop });
  };
  try {
    const limits = { offset: 0, maxBytes: Number.MAX_SAFE_INTEGER, mode: 0o600 };
    const { size, sha256 } = await files.receive(part, packed(), { ...limits, stop, onProgress });
    await files.rename(part, path);
    await files.sync(posix.dirname(path));
    return { bytes: size, sha256, members, ms: clock.monotonic() - begun };
  } catch (error) {
    await files.remove(part);
    throw error;
  }
}

/** Where an archive is written until it is whole. */
export function partOf(path: string): string {
  return `${path}.part`;
}
