import type { Generation } from '../data/data.ts';
import { type Kept, keptAs } from './backups/names.ts';
import type { Facts, RunOptions } from './facts.ts';
import { ulidTime } from './store/ulid.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

export type GenerationTarget = Extract<Facts['target'], { kind: 'generation' }>;

/** The generation a rollback goes back to. */
export function generationTarget({ target }: Facts): GenerationTarget {
  if (target.kind !== 'generation') throw new Error('internal: this plan has no generation to go back to');
  return target;
}

export function targetGeneration(facts: Facts): Generation {
  const { run, root } = generationTarget(facts);
  return { id: run, root };
}

/** The list of files in a generation, written last of them: see `BinaryStore`. */
export function filesList({ root }: Pick<Generation, 'root'>): string {
  return `${root}/binaries.json`;
}

/** Written first, by us: a folder without it is no generation of ours. */
export function generationMark({ root }: Pick<Generation, 'root'>): string {
  return `${root}/run`;
}

/** Room on the disk of the data for the old version to start with, where that disk fills up while the service is down. */
export function startReserve({ root }: Pick<Generation, 'root'>): string {
  return `${root}/reserve`;
}

/** Archives take a part of the room, and are what is left when the generation is gone. */
export const KEEP_ARCHIVES = 5;
export const KEEP_ARCHIVES_DAYS = 30;

/** When a backup of that kind may go; and how many of the newest stay whatever their age. */
export function keeping(
  kind: Kept['kind'],
  { keep, keepDays }: Pick<RunOptions, 'keep' | 'keepDays'>,
): { readonly count: number; readonly ms: number } {
  if (kind === 'archive' || kind === 'list') return { count: KEEP_ARCHIVES, ms: KEEP_ARCHIVES_DAYS * DAY_MS };
  return { count: keep, ms: keepDays * DAY_MS };
}

/**
 * Removes generations and archives that neither the count nor the time keeps; never this run's, never the one it went back to.
 * What failed runs displaced counts by its age alone, or three failures would push out what a rollback needs.
 */
export async function pruneGenerations({ host, facts, run: { id }, data }: World): Promise<void> {
  const names = await host.files.list(facts.generations);
  const kept = names.flatMap((name) => keptAs(name) ?? []);
  const now = host.clock.now().getTime();
  const needed = [id, ...(facts.target.kind === 'generation' ? [facts.target.run] : [])];
  for (const { name, run, kind } of kept) {
    // What a run displaced goes with its generation; of a run that was undone there is nothing else.
    const ofKind = kind === 'archive' || kind === 'list' ? 'archive' : 'generation';
    const { count, ms } = keeping(kind, facts.options);
    const newest = newestRuns(kept, ofKind).slice(0, count);
    const stays = kind !== 'left' && (ulidTime(run) >= now - ms || newest.includes(run) || needed.includes(run));
    if (!stays) await data.remove({ id: run, root: `${facts.generations}/${name}` });
  }
}

/** The runs that have one of that kind, newest first. */
export function newestRuns(kept: readonly Kept[], kind: Kept['kind']): readonly string[] {
  return kept
    .filter((one) => one.kind === kind)
    .map(({ run }) => run)
    .sort()
    .reverse();
}
