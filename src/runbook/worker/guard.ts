import { EXIT } from '../../errors.ts';
import { factsOf } from '../facts.ts';
import { roomsOf } from '../find.ts';
import { externalPauses, guardedOf, isOverdue } from '../guarded.ts';
import { presentHop } from '../hops.ts';
import { ignoring } from '../ignoring.ts';
import { storePaths } from '../store/paths.ts';
import { openRun, type StoredRun } from '../store/runs.ts';
import { writeState } from '../store/state.ts';
import type { Workshop } from '../workshop.ts';
import { bootToken } from './boot.ts';
import { type Fate, fateOf } from './fate.ts';
import { answerPath } from './request.ts';
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
  const open = await openRun(host.files, store);
  if (open === undefined) {
    // What the worker of the last one did not live to do.
    await ignoring(() => writeState(workshop, store, installation));
    await workshop.roomsFor({ kind: 'systemd' }).guard.disarm(installation);
    return EXIT.ok;
  }
  const fate = await fateOfRun(workshop, store.root, open);
  if (fate === 'leave') return EXIT.ok;
  const nonce = host.clock.random(6);
  const exit = await work(
    workshop,
    {
      format: 1,
      nonce,
      run: open.id,
      installation,
      stateDirectory,
      turn: fate === 'back' ? 'deadline' : false,
      by: 'guard',
      command: 'refit guard',
      network: {},
    },
    signals,
  );
  // Nobody waits for it.
  await ignoring(() => host.files.remove(answerPath(open.paths.directory, nonce)));
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
