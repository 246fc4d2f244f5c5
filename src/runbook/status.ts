import { type Now, nowOfFound, nowOfRun } from './ending.ts';
import { requireFound } from './find.ts';
import { runsOf } from './store/installations.ts';
import { storePaths } from './store/paths.ts';
import { type InstallationState, readState } from './store/state.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

export interface InstallationStatus {
  readonly installation: string;
  readonly now: Now;
  readonly state: InstallationState;
  /** A worker holds the lock. */
  readonly worker: boolean;
  /** What the rollback generation takes on disk; undefined where there is none or it cannot be read. */
  readonly rollbackBytes: number | undefined;
}

/** The status of an installation that is on this host. */
export async function statusOf(workshop: Workshop, wish: Wish): Promise<InstallationStatus> {
  const found = await requireFound(workshop, wish);
  return around(workshop, found.installation.name, await nowOfFound(workshop, found));
}

/** Of one that is no longer found, but has a journal. */
export async function statusOfRecorded(workshop: Workshop, name: string): Promise<InstallationStatus | undefined> {
  const [last] = await runsOf(workshop, name);
  return last === undefined ? undefined : around(workshop, name, await nowOfRun(workshop, last));
}

async function around(workshop: Workshop, installation: string, now: Now): Promise<InstallationStatus> {
  const { host } = workshop;
  const store = storePaths(workshop.stateDirectory, installation);
  const state = await readState(workshop, store, installation);
  const { held } = await host.lock.holder(store.lock).catch(() => ({ held: false }));
  const directory = state.rollback?.directory;
  const rollbackBytes = directory === undefined ? undefined : await sizeOf(workshop, directory);
  return { installation, now, state, worker: held, rollbackBytes };
}

/** As `du` counts it: blocks on disk. */
async function sizeOf({ host }: Workshop, directory: string): Promise<number | undefined> {
  const done = await host.commands.query(['du', '-sxB1', '--', directory], { timeoutMs: 60_000 });
  const size = Number(done.stdout.split('\t')[0]);
  return done.exitCode === 0 && Number.isFinite(size) ? size : undefined;
}
