import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Compression } from '../../data/archives.ts';
import { RefitError } from '../../errors.ts';
import { factsOf } from '../facts.ts';
import { roomsOf } from '../find.ts';
import type { Workshop } from '../workshop.ts';
import type { FoundBackup } from './find.ts';
import { archiveFile } from './names.ts';
import { proveFiles } from './verify.ts';

export interface Exported {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The archive of a backup: the file where there is one, else made on the way from the generation, which is proven first. It is whole only where it ends
 * without an error: a file that is not the one its run made is an error at its end, E_DIGEST_MISMATCH.
 */
export async function* exportStream(
  workshop: Workshop,
  found: FoundBackup,
  compression: Compression | undefined,
): AsyncGenerator<Uint8Array> {
  const { archive, generation, run } = found;
  if (archive === undefined || !usesArchive(found, compression)) {
    const { profile, installation } = factsOf(run.state.plan);
    const { archives } = roomsOf(workshop, profile, installation);
    // Its digests are known, those of an archive that is yet to be made are not.
    await proveFiles(workshop, found, generation);
    yield* archives.stream(generation, compression ?? 'zstd');
    return;
  }
  const hash = createHash('sha256');
  for await (const part of workshop.host.files.stream(archive.path) as AsyncIterable<Uint8Array>) {
    hash.update(part);
    yield part;
  }
  const saw = hash.digest('hex');
  const { sha256 } = archive.record;
  if (saw === sha256) return;
  throw new RefitError('E_DIGEST_MISMATCH', `Cannot export ${archive.path}: saw ${saw}, expected ${sha256}`, {
    hint: 'Throw away what was written; refit backup list shows others',
    facts: { path: archive.path, saw, expected: sha256 },
  });
}

/** Made anew where another compression is asked for, and there is something to make it from. */
function usesArchive({ archive, hasGeneration }: FoundBackup, compression: Compression | undefined): boolean {
  if (archive === undefined || compression === undefined || compression === archive.compression) return true;
  if (hasGeneration) return false;
  throw new RefitError(
    'E_USAGE',
    `Cannot export ${archive.path} as ${compression}: only the archive is left, as ${archive.compression}`,
    { hint: 'Leave --compression out' },
  );
}

/** Into a folder: written beside its name, synced, read again, renamed. After an error nothing of it is there. */
export async function exportTo(
  workshop: Workshop,
  found: FoundBackup,
  compression: Compression | undefined,
  directory: string,
): Promise<Exported> {
  const { files } = workshop.host;
  const { run, archive } = found;
  const kind = compression ?? archive?.compression ?? 'zstd';
  const { path: name } = archiveFile(`${directory}/${run.state.plan.installation}`, run.id, kind);
  // "<installation>-<id>.tar.zst": in one folder for all of them.
  const path = `${posix.dirname(name)}-${posix.basename(name)}`;
  const part = `${path}.part`;
  await files.remove(part);
  try {
    const source = exportStream(workshop, found, compression);
    const written = await files.receive(part, source, { offset: 0, maxBytes: Number.MAX_SAFE_INTEGER, mode: 0o600 });
    const { sha256 } = await files.digest(part);
    if (sha256 !== written.sha256) throw differs(path, sha256, written.sha256);
    await files.rename(part, path);
    await files.sync(directory);
    return { path, bytes: written.size, sha256 };
  } catch (error) {
    await files.remove(part);
    throw error;
  }
}

function differs(path: string, saw: string, expected: string): RefitError {
  return new RefitError('E_DIGEST_MISMATCH', `Cannot trust ${path}: saw ${saw} when read again, expected ${expected}`, {
    hint: 'Look at the disk it is on',
    facts: { path, saw, expected },
  });
}
