import type { RunState } from '../engine/replay.ts';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { outputOf } from './outputs.ts';
import type { StorePaths } from './store/paths.ts';
import { listRuns, readRun } from './store/runs.ts';

/** How long a started service may take to answer, and why so long. */
export interface StartTimeout {
  readonly ms: number;
  readonly because: 'profile' | 'earlier starts' | 'asked';
}

/** A start may take so many times what was measured: a cold cache, a busy disk. */
const PATIENCE = 3;
/** Runs that are looked at: the newest. */
const MAX_RUNS = 20;

/** The longest of what the profile asks for and what this host has shown; what was asked for overrules both. Pure. */
export function startTimeout(given: {
  readonly profileMs: number;
  readonly startsMs: readonly number[];
  readonly askedMs: number | undefined;
}): StartTimeout {
  const { profileMs, startsMs, askedMs } = given;
  if (askedMs !== undefined) return { ms: askedMs, because: 'asked' };
  const learned = Math.ceil(PATIENCE * Math.max(0, ...startsMs));
  return learned > profileMs ? { ms: learned, because: 'earlier starts' } : { ms: profileMs, because: 'profile' };
}

/** The same once it is known how long the product's own migration took. Pure. */
export function withMigration({ ms, because }: StartTimeout, migrationMs: number): number {
  return because === 'asked' ? ms : Math.max(ms, Math.ceil(PATIENCE * migrationMs));
}

/** How long the starts of an installation's last runs took, in milliseconds. Empty for who may not read its journals. */
export async function recordedStarts(files: Files, store: StorePaths): Promise<readonly number[]> {
  try {
    const starts: number[] = [];
    for (const id of (await listRuns(files, store)).slice(0, MAX_RUNS)) {
      const run = await readRun(files, store, id);
      const ms = run === undefined ? undefined : startOf(run.state);
      if (ms !== undefined) starts.push(ms);
    }
    return starts;
  } catch (error) {
    if (error instanceof RefitError) return [];
    throw error;
  }
}

/** Undefined where it was undone, or a reboot lay in between. */
function startOf(state: RunState): number | undefined {
  const { startedAtMs, answeredAtMs } = (outputOf(state, 'start') ?? {}) as Readonly<Record<string, unknown>>;
  return typeof startedAtMs === 'number' && typeof answeredAtMs === 'number' ? answeredAtMs - startedAtMs : undefined;
}
