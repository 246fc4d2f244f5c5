import { withMigration } from './start-timeout.ts';
import type { Rehearsed } from './steps/rehearse.ts';
import type { World } from './world.ts';

/** How long this run waits for a start, in milliseconds: as planned, or three times what the migration took in its rehearsal. */
export function startDeadline({ facts, outputOf }: Pick<World, 'facts' | 'outputOf'>): number {
  return withMigration(facts.startTimeout, (outputOf('rehearse') as Rehearsed | undefined)?.ms ?? 0);
}
