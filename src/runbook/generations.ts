import type { Generation } from '../data/data.ts';
import type { Facts } from './facts.ts';
import { isUlid, ULID_LENGTH, ulidTime } from './store/ulid.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

type GenerationTarget = Extract<Facts['target'], { kind: 'generation' }>;

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

/**
 * Removes generations that neither the count nor the rollback window keeps; never this run's, never the one it went back to.
 * What failed runs displaced counts by its age alone, or three failures would push out what a rollback needs.
 */
export async function pruneGenerations({ host, facts, generation, data }: World): Promise<void> {
  const { keep, keepDays } = facts.options;
  const names = (await host.files.list(facts.generations)).filter((name) => isUlid(name.slice(0, ULID_LENGTH)));
  const newest = names.filter(isUlid).sort().reverse().slice(0, keep);
  const oldest = host.clock.now().getTime() - keepDays * DAY_MS;
  const spare = new Set([...newest, generation.id, ...(facts.target.kind === 'generation' ? [facts.target.run] : [])]);
  for (const name of names) {
    const run = name.slice(0, ULID_LENGTH);
    // What a run displaced goes with its generation; of a run that was undone there is nothing else.
    if (ulidTime(run) >= oldest || spare.has(run)) continue;
    await data.remove({ id: run, root: `${facts.generations}/${name}` });
  }
}
