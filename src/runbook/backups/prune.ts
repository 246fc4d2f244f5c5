import { versionLeft } from '../../engine/hop.ts';
import { RefitError } from '../../errors.ts';
import { factsOf } from '../facts.ts';
import { roomsOf } from '../find.ts';
import { ulidTime } from '../store/ulid.ts';
import type { Workshop } from '../workshop.ts';
import { keptOn, shelvesOf } from './list.ts';

export interface PruneWish {
  /** So many of the newest stay. */
  readonly keep: number | undefined;
  /** Younger ones stay. */
  readonly olderThanMs: number | undefined;
  /** These go, and no others. */
  readonly ids: readonly string[];
}

export interface Doomed {
  readonly installation: string;
  readonly id: string;
  readonly paths: readonly string[];
  /** What a rollback would need. */
  readonly neededBy: string | undefined;
}

/**
 * What would go. By rule never what `refit rollback` still needs: the generation of the last committed run, while its days last.
 * A backup goes whole: folder, archive, and what its run displaced.
 */
export async function planPrune(workshop: Workshop, installation: string, wish: PruneWish): Promise<readonly Doomed[]> {
  const now = workshop.host.clock.now().getTime();
  const doomed: Doomed[] = [];
  for (const shelf of await shelvesOf(workshop, installation)) {
    const kept = (await keptOn(workshop, shelf)).filter(({ run }) => shelf.runs.some(({ id }) => id === run));
    const ids = [...new Set(kept.map(({ run }) => run))].sort().reverse();
    const needed = neededRun(shelf.runs, now);
    for (const [index, id] of ids.entries()) {
      const named = wish.ids.includes(id);
      const byRule = hasRule(wish) && isBeyond(index, wish.keep) && isOlder(now - ulidTime(id), wish.olderThanMs);
      if (!named && (!byRule || id === needed)) continue;
      const paths = kept.flatMap(({ run, name }) => (run === id ? [`${shelf.generations}/${name}`] : []));
      doomed.push({ installation, id, paths, neededBy: id === needed ? 'refit rollback' : undefined });
    }
  }
  return doomed;
}

/** A rule may stand in refit.yaml: it is not meant by whoever names one. */
function hasRule({ keep, olderThanMs, ids }: PruneWish): boolean {
  return ids.length === 0 && (keep !== undefined || olderThanMs !== undefined);
}

function isBeyond(index: number, keep: number | undefined): boolean {
  return keep === undefined || index >= keep;
}

function isOlder(age: number, than: number | undefined): boolean {
  return than === undefined || age > than;
}

type Runs = Awaited<ReturnType<typeof shelvesOf>>[number]['runs'];

function neededRun(runs: Runs, now: number): string | undefined {
  const last = runs.find(({ state }) => versionLeft(state) !== undefined && state.plan.purpose !== 'install');
  if (last === undefined) return undefined;
  const { keepDays } = factsOf(last.state.plan).options;
  return now - ulidTime(last.id) <= keepDays * 86_400_000 ? last.id : undefined;
}

/** Removes them, under the lock; the manifest of each first, so that a half removed one is never taken for whole. */
export async function prune(workshop: Workshop, installation: string, doomed: readonly Doomed[]): Promise<void> {
  const shelves = await shelvesOf(workshop, installation);
  const [run] = shelves[0]?.runs ?? [];
  if (run === undefined) throw new RefitError('E_NOT_FOUND', `Cannot prune ${installation}: saw no run of it`);
  const { profile, installation: facts } = factsOf(run.state.plan);
  const { data } = roomsOf(workshop, profile, facts);
  for (const { id, paths } of doomed) for (const path of paths) await data.remove({ id, root: path });
  for (const shelf of shelves) {
    // Of calls that were killed; what a run that is open keeps of a later hop is needed to go back.
    const open = shelf.runs.find(({ state }) => state.ended === undefined)?.id;
    const left = (await keptOn(workshop, shelf)).filter(({ kind, run: id }) => kind === 'left' && id !== open);
    for (const { run: id, name } of left) await data.remove({ id, root: `${shelf.generations}/${name}` });
  }
}
