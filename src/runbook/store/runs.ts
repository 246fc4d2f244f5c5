import { hopOf, versionLeft } from '../../engine/hop.ts';
import { readJournal } from '../../engine/journal.ts';
import { type RunState, replay } from '../../engine/replay.ts';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { journalFile } from './journal-file.ts';
import { type RunPaths, runPaths, type StorePaths } from './paths.ts';
import { isUlid } from './ulid.ts';
import { allOf, type Window, windowOf } from './window.ts';

export interface StoredRun {
  readonly id: string;
  readonly paths: RunPaths;
  readonly state: RunState;
  /** How long the service was away, over all hops; undefined where it never was, or still is. */
  readonly window: Window | undefined;
}

/** Names of an installation's runs, newest first. Empty where there is no state yet. */
export async function listRuns(files: Files, store: StorePaths): Promise<readonly string[]> {
  if ((await files.stat(store.runs)) === undefined) return [];
  return (await files.list(store.runs)).filter(isUlid).sort().reverse();
}

/** One run as its journal tells it; undefined for one that was killed before its first record. */
export async function readRun(files: Files, store: StorePaths, id: string): Promise<StoredRun | undefined> {
  const paths = runPaths(store, id);
  const file = journalFile(files, paths);
  const { records, times } = readJournal(await file.read(), file.path);
  const state = replay(records);
  if (state === undefined) return undefined;
  const windows = state.plan.hops.flatMap((_, hop) => windowOf(hopOf(state, hop), records, times) ?? []);
  return { id, paths, state, window: allOf(windows) };
}

/** All of them, newest first; those killed before their first record are left out. */
export async function readRuns(files: Files, store: StorePaths): Promise<readonly StoredRun[]> {
  const runs: StoredRun[] = [];
  for (const id of await listRuns(files, store)) {
    const run = await readRun(files, store, id);
    if (run !== undefined) runs.push(run);
  }
  return runs;
}

/** The newest run that has a record; requests that were refused leave folders without one. */
export async function lastRun(files: Files, store: StorePaths): Promise<StoredRun | undefined> {
  for (const id of await listRuns(files, store)) {
    const run = await readRun(files, store, id);
    if (run !== undefined) return run;
  }
  return undefined;
}

/** The run that has not ended, if there is one. Only the last can be: each is begun under the lock, by a later name. */
export async function openRun(files: Files, store: StorePaths): Promise<StoredRun | undefined> {
  const last = await lastRun(files, store);
  return last?.state.ended === undefined ? last : undefined;
}

/** The newest run that left a version installed: all of it was committed, or a hop of it. */
export async function lastCommitted(files: Files, store: StorePaths): Promise<StoredRun | undefined> {
  for (const id of await listRuns(files, store)) {
    const run = await readRun(files, store, id);
    if (run !== undefined && versionLeft(run.state) !== undefined) return run;
  }
  return undefined;
}

export function noOpenRun(installation: string): RefitError {
  return new RefitError('E_NO_OPEN_RUN', `Cannot continue a run of ${installation}: none is open`, {
    hint: 'Begin one: refit upgrade --to latest',
  });
}

export function runIsOpen({ id, state: { plan } }: Pick<StoredRun, 'id' | 'state'>): RefitError {
  const { from, to } = plan;
  return new RefitError('E_RUN_OPEN', `Cannot begin: the run ${id} (${from} to ${to}) is not finished`, {
    hint: 'refit resume finishes it, refit rollback goes back',
  });
}
