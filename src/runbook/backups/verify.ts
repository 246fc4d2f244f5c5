import type { Generation } from '../../data/data.ts';
import { RefitError } from '../../errors.ts';
import { factsOf } from '../facts.ts';
import { roomsOf } from '../find.ts';
import { filesList } from '../generations.ts';
import type { Workshop } from '../workshop.ts';
import type { FoundBackup } from './find.ts';
import { scratchOf } from './names.ts';
import { readVerified, writeJson } from './record.ts';

/** What was read and opened. */
export interface Proof {
  readonly kind: 'generation' | 'archive';
  readonly databases: number;
  readonly ms: number;
}

/**
 * Proves a backup: of its archive by unpacking it into scratch beside it, every file by its digest, every database by opening it.
 * Under the lock, as nothing may prune it meanwhile. Rejects with E_DIGEST_MISMATCH, E_ARCHIVE_INVALID or E_SNAPSHOT_INVALID;
 * nothing is changed or lost by that.
 */
export async function verifyBackup(workshop: Workshop, found: FoundBackup): Promise<readonly Proof[]> {
  const { host } = workshop;
  const { run, hasGeneration, archive } = found;
  const proofs: Proof[] = [];
  if (hasGeneration)
    proofs.push(await timed(workshop, 'generation', () => provenCopy(workshop, found, found.generation)));
  if (archive !== undefined) proofs.push(await timed(workshop, 'archive', () => provenArchive(workshop, found)));
  const now = host.clock.now().toISOString();
  const before = await readVerified(host.files, run.paths);
  const verified = { ...before, ...Object.fromEntries(proofs.map(({ kind }) => [kind, now])) };
  await writeJson(host.files, run.paths.verified, verified);
  return proofs;
}

async function timed({ host }: Workshop, kind: Proof['kind'], prove: () => Promise<number>): Promise<Proof> {
  const begun = host.clock.monotonic();
  const databases = await prove();
  return { kind, databases, ms: host.clock.monotonic() - begun };
}

async function provenArchive(workshop: Workshop, found: FoundBackup): Promise<number> {
  const { archive, generations, run, manifestSha256 } = found;
  if (archive === undefined) throw new Error('internal: no archive to prove');
  const { host } = workshop;
  const { archives } = roomsOfRun(workshop, found);
  const scratch = { id: run.id, root: scratchOf(generations, run.id).verify };
  try {
    await archives.unpack(archive, scratch, { sha256: archive.record.sha256, manifestSha256 });
    return await provenCopy(workshop, found, scratch);
  } finally {
    await host.files.removeTree(scratch.root);
  }
}

/** Every file, and every database in it. Returns how many databases. */
async function provenCopy(workshop: Workshop, found: FoundBackup, copy: Generation): Promise<number> {
  await proveFiles(workshop, found, copy);
  const { run, generations } = found;
  const items = factsOf(run.state.plan).data;
  const { data } = roomsOfRun(workshop, found);
  return data.openDatabases(items, copy, `${scratchOf(generations, run.id).verify}-databases`);
}

/** Every file of a copy, binaries too, is as its run copied it. Rejects with E_DIGEST_MISMATCH, naming the first that is not. */
export async function proveFiles(workshop: Workshop, found: FoundBackup, copy: Generation): Promise<void> {
  const { files } = workshop.host;
  const { run, filesSha256, manifestSha256 } = found;
  const { data, layout } = roomsOfRun(workshop, found);
  const list = filesList(copy);
  const { sha256 } = await files.digest(list);
  if (filesSha256 !== undefined && sha256 !== filesSha256) {
    throw new RefitError('E_DIGEST_MISMATCH', `Cannot trust ${list}: saw ${sha256}, expected ${filesSha256}`, {
      hint: 'Somebody changed the copies since they were made: refit backup list shows others',
      facts: { path: list },
    });
  }
  await layout.verify({ root: copy.root });
  if (factsOf(run.state.plan).data.length > 0) await data.verify(copy, manifestSha256);
}

function roomsOfRun(workshop: Workshop, { run }: FoundBackup) {
  const { profile, installation } = factsOf(run.state.plan);
  return roomsOf(workshop, profile, installation);
}
