import { RefitError } from '../../errors.ts';
import { compare, parseVersion } from '../../version/version.ts';
import { targetVersion } from '../facts.ts';
import { guardSchema, type Schemas } from '../schema-guard.ts';
import type { World } from '../world.ts';
import { liveSchema } from './live-schema.ts';

/**
 * A policy may let an older version follow. It is held to what a rollback is: never started on migrations it does not know. Which
 * it knows only its binary can say, so no plan could. Before anything is stopped.
 */
export async function requireKnownSchema(world: World, { new: known, old: newer }: Schemas): Promise<void> {
  const { database, installation, profile } = world.facts;
  const target = targetVersion(world.facts);
  const [from, to] = [parseVersion(installation.version), parseVersion(target)];
  if (database === undefined || from === undefined || to === undefined || compare(to, from) >= 0) return;
  const applied = await liveSchema(world, database, 'older');
  const span = { from: target, to: installation.version };
  const choice = guardSchema({ known, newer, applied, span, migrate: profile.migrate });
  if (choice.keeps) return;
  const foreign = choice.because === 'foreign' ? choice.foreign.join(', ') : 'nothing that says what it is';
  throw new RefitError(
    'E_DOWNGRADE',
    `Cannot go from ${installation.version} down to ${target}: saw ${foreign} in ${database.path}, which ${target} does not know`,
    { hint: 'refit rollback goes back with the data of then; refit backup list shows what there is' },
  );
}
