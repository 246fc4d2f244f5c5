import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { RefitError } from '../../errors.ts';
import type { ArchiveFile, Expected } from '../archives.ts';
import { bulk } from '../bulk.ts';
import type { Generation } from '../data.ts';
import { syncNew } from '../durable.ts';
import type { DataHost } from '../listing.ts';
import { manifestPath } from '../manifest.ts';
import { verify } from '../verify.ts';
import { decompressor } from './compress.ts';
import { scannedToEnd } from './scan.ts';
import { untarInto } from './tar.ts';

/** See `Archives.unpack`. */
export async function unpack(
  host: DataHost,
  file: ArchiveFile,
  generation: Generation,
  { sha256, manifestSha256 }: Expected,
): Promise<void> {
  const { files, commands } = host;
  const { root } = generation;
  await files.removeTree(root);
  await files.makeDirectory(root, { mode: 0o700 });
  try {
    const hash = createHash('sha256');
    const input = read(host, file, (bytes) => hash.update(bytes));
    await bulk(commands, untarInto(root), { background: true, input });
    const saw = hash.digest('hex');
    if (sha256 !== undefined && saw !== sha256) {
      throw new RefitError('E_DIGEST_MISMATCH', `Cannot trust ${file.path}: saw ${saw}, expected ${sha256}`, {
        hint: 'Somebody changed it since it was made: refit backup list shows others',
        facts: { path: file.path, saw, expected: sha256 },
      });
    }
    // What has no data has no manifest of it; one that is expected is not there only where somebody took it out.
    const hasManifest = (await files.stat(manifestPath(generation))) !== undefined;
    if (hasManifest || manifestSha256 !== undefined) await verify(host, generation, manifestSha256);
    await syncNew(host, root, Number.POSITIVE_INFINITY);
  } catch (error) {
    await files.removeTree(root);
    throw error;
  }
}

/** The tar in an archive. What zlib says of damage is told with the place. */
async function* read(
  { files }: DataHost,
  { path, compression }: ArchiveFile,
  seen: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  const packed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const part of files.stream(path) as AsyncIterable<Uint8Array>) {
      seen(part);
      at += part.length;
      yield part;
    }
  };
  const source = Readable.from(packed(), { objectMode: false });
  const plain = decompressor(compression);
  source.on('error', (error) => plain.destroy(error));
  try {
    yield* scannedToEnd(source.pipe(plain), path);
  } catch (error) {
    if (error instanceof RefitError || !isOfZlib(error)) throw error;
    throw new RefitError(
      'E_ARCHIVE_INVALID',
      `Cannot use ${path}: saw damage before byte ${at} (${error.code}), expected a whole archive`,
      { hint: 'It is damaged or was cut: refit backup list shows others', facts: { path, at }, cause: error },
    );
  } finally {
    source.destroy();
    plain.destroy();
  }
}

function isOfZlib(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_)/.test(String(error.code));
}
