import type { ArchiveFile } from '../../data/archives.ts';
import type { Generation } from '../../data/data.ts';
import type { RunState } from '../../engine/replay.ts';
import { RefitError } from '../../errors.ts';
import { factsOf } from '../facts.ts';
import { generationMark } from '../generations.ts';
import { firstHop } from '../hops.ts';
import { keptBy } from '../kept-by.ts';
import { knownInstallations, runsOf } from '../store/installations.ts';
import type { StoredRun } from '../store/runs.ts';
import type { Workshop } from '../workshop.ts';
import { archiveFile } from './names.ts';
import { type ArchiveRecord, readRecord } from './record.ts';

/** A backup that was named, with what its run's journal says it must be. At least one of the two is there. */
export interface FoundBackup {
  /** As of its first hop. */
  readonly run: StoredRun;
  /** All its hops. */
  readonly whole: RunState;
  readonly generations: string;
  readonly generation: Generation;
  readonly hasGeneration: boolean;
  readonly archive: (ArchiveFile & { readonly record: ArchiveRecord }) | undefined;
  readonly filesSha256: string | undefined;
  readonly manifestSha256: string | undefined;
}

/** Enough of an identifier to be no accident; the first ten characters are its time. */
const LEAST = 4;

/** The backup that is meant, by its whole identifier or an unmistakable part of its end or beginning. Rejects with E_NOT_FOUND. */
export async function findBackup(
  workshop: Workshop,
  installation: string | undefined,
  id: string,
): Promise<FoundBackup> {
  const wanted = id.toUpperCase();
  const names = installation === undefined ? await knownInstallations(workshop) : [installation];
  const runs = (await Promise.all(names.map((name) => runsOf(workshop, name)))).flat();
  const fits = (run: StoredRun) => run.id.startsWith(wanted) || run.id.endsWith(wanted);
  const found: FoundBackup[] = [];
  for (const run of wanted.length < LEAST ? [] : runs.filter(fits)) {
    const backup = await look(workshop, run);
    if (backup !== undefined) found.push(backup);
  }
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const saw = first === undefined ? 'none' : `${found.length} of them`;
  throw new RefitError('E_NOT_FOUND', `Cannot find the backup "${id}": saw ${saw}, expected one`, {
    hint: 'refit backup list shows them',
  });
}

/** What a run of several hops keeps is what there was before its first. */
async function look({ host: { files } }: Workshop, whole: StoredRun): Promise<FoundBackup | undefined> {
  const run = { ...whole, state: firstHop(whole.state) };
  const { generations } = factsOf(run.state.plan);
  const { root, filesSha256, manifestSha256 } = keptBy(run);
  const generation = { id: run.id, root };
  const hasGeneration = (await files.stat(generationMark(generation))) !== undefined;
  const record = await readRecord(files, run.paths);
  const file = record === undefined ? undefined : archiveFile(generations, run.id, record.compression);
  const there = file !== undefined && (await files.stat(file.path)) !== undefined;
  if (!hasGeneration && !there) return undefined;
  return {
    run,
    whole: whole.state,
    generations,
    generation,
    hasGeneration,
    archive: there && record !== undefined ? { ...file, record } : undefined,
    filesSha256,
    manifestSha256,
  };
}
