import type { Generation } from '../data/data.ts';
import type { Facts } from './facts.ts';
import { ulidTime } from './store/ulid.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

/** The generation a rollback goes back to. */
export function targetGeneration({ target }: Facts): Generation {
  if (target.kind !== 'generation') throw new Error('internal: this plan has no generation to go back to');
  return { id: target.run, root: target.root };
}

/** Removes generations that neither the count nor the rollback window keeps; never this run's, never the one it went back to. */
export async function pruneGenerations({ host, facts, generation, data }: World): Promise<void> {
  const { keep, keepDays } = facts.options;
  const names = (await host.files.list(facts.generations)).filter((name) => /^[0-9A-HJKMNP-TV-Z]{26}/.test(name));
  const runs = [...new Set(names.map((name) => name.slice(0, 26)))].sort().reverse();
  const oldest = host.clock.now().getTime() - keepDays * DAY_MS;
  const spare = facts.target.kind === 'generation' ? [generation.id, facts.target.run] : [generation.id];
  for (const run of runs.slice(keep)) {
    if (ulidTime(run) >= oldest || spare.includes(run)) continue;
    for (const name of names.filter((each) => each.startsWith(run))) {
      await data.remove({ id: run, root: `${facts.generations}/${name}` });
    }
  }
}
