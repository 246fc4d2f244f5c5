import { RefitError } from '../errors.ts';
import { noteInLedger } from './store/ledger.ts';
import { storePaths } from './store/paths.ts';
import { type Skipped, skippedReleases } from './store/skipped.ts';
import { writeState } from './store/state.ts';
import { takeLock } from './store/take-lock.ts';
import { whoAsks } from './who-asks.ts';
import type { Workshop } from './workshop.ts';

/** Forgets that a release failed here: what it failed with. Rejects with E_NOT_SKIPPED, or E_LOCKED while a worker is at it. */
export async function unskipRelease(
  workshop: Workshop,
  installation: string,
  tag: string,
  command: string,
): Promise<Skipped> {
  const { host } = workshop;
  const store = storePaths(workshop.stateDirectory, installation);
  const skipped = await skippedReleases(host, store);
  const one = skipped.find((each) => each.tag === tag);
  if (one === undefined) throw notSkipped(installation, tag, skipped);
  const who = whoAsks(host.identity.environment, host.identity.uid);
  await using _lock = await takeLock(host, store, { who, command });
  await noteInLedger(host, store, { type: 'unskip', tag, run: one.run, by: who });
  await writeState(workshop, store, installation);
  return one;
}

function notSkipped(installation: string, tag: string, skipped: readonly Skipped[]): RefitError {
  const seen = skipped.length === 0 ? 'none that is skipped' : `only ${skipped.map((one) => one.tag).join(', ')}`;
  return new RefitError('E_NOT_SKIPPED', `Cannot let ${tag} be chosen for ${installation} again: saw ${seen}`, {
    hint: 'refit status lists what is skipped',
  });
}
