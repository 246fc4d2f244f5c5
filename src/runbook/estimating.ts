import { readJournal } from '../engine/journal.ts';
import { replay } from '../engine/replay.ts';
import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { type Estimate, estimate, LAST } from './estimate.ts';
import { type Facts, factsOf } from './facts.ts';
import { type PastRun, pastRun } from './past-run.ts';
import type { Planned } from './planned.ts';
import { journalFile } from './store/journal-file.ts';
import { runPaths, type StorePaths, storePaths } from './store/paths.ts';
import { listRuns } from './store/runs.ts';
import { windowOf } from './store/window.ts';
import type { Workshop } from './workshop.ts';

/** Runs that are looked at for the last few of one kind. */
const MAX_RUNS = 20;
/** A disk that is read for so long, or so far, has shown how fast it is. */
const READING_MS = 1_000;
const READING_BYTES = 64 * 2 ** 20;
const CHUNK_BYTES = 4 * 2 ** 20;

/** How long a plan is going to take on this host. Only looks; undefined where nothing tells. */
export async function estimateOf(
  { host, stateDirectory }: Pick<Workshop, 'host' | 'stateDirectory'>,
  { plan, dataBytes }: Pick<Planned, 'plan' | 'dataBytes'>,
): Promise<Estimate | undefined> {
  if (plan.purpose === 'install') return undefined;
  const facts = factsOf(plan);
  const kinds = plan.hops.flatMap(({ steps }) => steps.map(({ kind }) => kind));
  const past = await pastRuns(host, storePaths(stateDirectory, plan.installation), plan.purpose);
  const input = { kinds, hops: plan.hops.length, past, dataBytes, soakMs: facts.profile.health.soak };
  const learned = estimate({ ...input, bytesPerSecond: undefined });
  return learned ?? estimate({ ...input, bytesPerSecond: await readingRate(host, facts) });
}

/** The last few runs that went to their end, newest first. Empty for who may not read their journals. */
async function pastRuns({ files }: Host, store: StorePaths, purpose: string): Promise<readonly PastRun[]> {
  try {
    const runs: PastRun[] = [];
    for (const id of (await listRuns(files, store)).slice(0, MAX_RUNS)) {
      const file = journalFile(files, runPaths(store, id));
      const journal = readJournal(await file.read(), file.path);
      const state = replay(journal.records);
      // A run of several hops took as long as those had to take.
      if (state?.ended !== 'committed' || state.plan.purpose !== purpose || state.plan.hops.length !== 1) continue;
      const run = pastRun(state, journal, windowOf(state, journal.records, journal.times)?.readyMs);
      if (run !== undefined) runs.push(run);
      if (runs.length === LAST) break;
    }
    return runs;
  } catch (error) {
    if (error instanceof RefitError) return [];
    throw error;
  }
}

/** Bytes per second of a short read of the first file of the data; undefined where it cannot be read, or is too short to tell. */
async function readingRate({ files, clock }: Host, { data }: Facts): Promise<number | undefined> {
  const path = data.find(({ kind }) => kind !== 'directory')?.path;
  if (path === undefined) return undefined;
  try {
    const begunAt = clock.monotonic();
    let read = 0;
    while (read < READING_BYTES && clock.monotonic() - begunAt < READING_MS) {
      const { length } = await files.readFrom(path, read, CHUNK_BYTES);
      read += length;
      if (length < CHUNK_BYTES) break;
    }
    return read === 0 ? undefined : read / (Math.max(1, clock.monotonic() - begunAt) / 1_000);
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}
