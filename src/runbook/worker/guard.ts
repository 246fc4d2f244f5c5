import { EXIT } from '../../errors.ts';
import { factsOf } from '../facts.ts';
import { roomsOf } from '../find.ts';
import { externalPauses, guardedOf, isOverdue } from '../guarded.ts';
import { presentHop } from '../hops.ts';
import { ignoring } from '../ignoring.ts';
import { runPaths, storePaths } from '../store/paths.ts';
import { lastRun, type StoredRun } from '../store/runs.ts';
import { writeState } from '../store/state.ts';
import { newUlid } from '../store/ulid.ts';
import type { Workshop } from '../workshop.ts';
import { openBackToStart } from './back-to-start.ts';
import { bootToken } from './boot.ts';
import { type Fate, fateOf } from './fate.ts';
import { answerPath, type WorkRequest } from './request.ts';
import { type WorkSignals, work } from './work.ts';

/**
 * One look of the guard, as the worker's own unit: no worker can be started meanwhile. Leaves a run that somebody works on or
 * that is a person's business, finishes one that nobody will finish, and goes where none is open. Judges by what needs no token.
 */
export async function guard(workshop: Workshop, installation: string, signals: WorkSignals): Promise<number> {
  const { host, systemd, stateDirectory } = workshop;
  const store = storePaths(stateDirectory, installation);
  const { held } = await host.lock.holder(store.lock);
  // Starts are refused while the manager stops; the next boot looks again.
  if (held || (await systemd?.managerStopping())) return EXIT.ok;
  const last = await lastRun(host.files, store);
  const open = last?.state.ended === undefined ? last : undefined;
  const run = newUlid(host.clock, last?.id);
  const plan = last === undefined ? undefined : await openBackToStart(host, store, last, run);
  if (plan !== undefined) return doWork(workshop, installation, { run, plan, turn: false }, signals);
  if (open === undefined) {
    // What the worker of the last one did not live to do.
    await ignoring(() => writeState(workshop, store, installation));
    await workshop.roomsFor({ kind: 'systemd' }).guard.disarm(installation);
    return EXIT.ok;
  }
  const fate = await fateOfRun(workshop, store.root, open);
  if (fate === 'leave') return EXIT.ok;
  return doWork(workshop, installation, { run: open.id, turn: fate === 'back' ? 'deadline' : false }, signals);
}

async function doWork(
  workshop: Workshop,
  installation: string,
  what: Pick<WorkRequest, 'run' | 'plan' | 'turn'>,
  signals: WorkSignals,
): Promise<number> {
  const { host, stateDirectory } = workshop;
  const { directory } = runPaths(storePaths(stateDirectory, installation), what.run);
  const nonce = host.clock.random(6);
  const told = {
    format: 1,
    nonce,
    installation,
    stateDirectory,
    by: 'guard',
    command: 'refit guard',
    network: {},
  } as const;
  await host.files.makeDirectory(directory, { mode: 0o700 });
  const exit = await work(workshop, { ...told, ...what }, signals);
  // Nobody waits for it.
  await ignoring(() => host.files.remove(answerPath(directory, nonce)));
  return exit;
}

async function fateOfRun(workshop: Workshop, root: string, { state: whole }: StoredRun): Promise<Fate> {
  const state = presentHop(whole);
  const { host } = workshop;
  const { profile, installation } = factsOf(state.plan);
  const { activity } = await roomsOf(workshop, profile, installation).service.state(installation.unit);
  const guarded = guardedOf(state);
  const now = { boot: await bootToken(host, root), ms: host.clock.monotonic() };
  const overdue = guarded !== undefined && isOverdue(guarded, now, externalPauses(state));
  return fateOf(state, { up: activity === 'active', overdue });
}
