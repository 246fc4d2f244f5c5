import { RefitError } from '../errors.ts';
import { storePaths } from './store/paths.ts';
import { type InstallationState, readState } from './store/state.ts';
import type { Workshop } from './workshop.ts';

/** A version below the installed one, that the policy does not let follow it; the backup that would go back is named. */
export async function downgradeRefused(
  workshop: Workshop,
  { name, title }: { readonly name: string; readonly title: string },
  {
    from,
    to,
    why,
    nearest,
  }: {
    readonly from: string;
    readonly to: string;
    readonly why?: string | undefined;
    readonly nearest?: string | undefined;
  },
): Promise<RefitError> {
  const rollback = await rollbackOf(workshop, name);
  const back =
    rollback === undefined
      ? `No backup of before is known: refit history --installation ${name}`
      : `refit rollback goes back to ${rollback.version} with its data, from ${rollback.directory}`;
  const reason = why ?? `an old ${title} on new data loses or damages it`;
  return new RefitError('E_DOWNGRADE', `Cannot go from ${from} down to ${to}: ${reason}`, {
    hint: nearest === undefined ? back : `refit upgrade --to ${nearest} is as far back as the policy lets it. ${back}`,
    facts: { from, to },
  });
}

/** What a rollback goes back to, as far as whoever asks may read it: a plan needs no root. */
async function rollbackOf(workshop: Workshop, name: string): Promise<InstallationState['rollback']> {
  try {
    return (await readState(workshop, storePaths(workshop.stateDirectory, name), name)).rollback;
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}
