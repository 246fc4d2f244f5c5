import { RefitError } from '../errors.ts';
import { factsOf } from '../runbook/facts.ts';
import { parseInstant, timeOfDay } from '../runbook/instant.ts';
import { instantText, type Opening, openingText } from '../runbook/opening.ts';
import type { StoredRun } from '../runbook/store/runs.ts';
import type { Wish } from '../runbook/wish.ts';
import type { Workshop } from '../runbook/workshop.ts';
import type { Context, Flags } from './context.ts';
import { text, wishOf } from './flags.ts';

const FLAGS = [
  ['notBefore', '--not-before'],
  ['notAfter', '--not-after'],
] as const;

/** What is wished for, with when the service may be stopped. Rejects with E_USAGE. */
export async function timedWishOf(context: Context, { host }: Pick<Workshop, 'host'>, flags: Flags): Promise<Wish> {
  const opening = openingOf(flags, host.clock.now());
  return { ...(await wishOf(context, host.files, flags)), ...opening };
}

/** Between which instants the service may be stopped, as the flags say. Rejects with E_USAGE. */
export function openingOf(flags: Flags, now: Date): Opening {
  const notBefore = instantOf(flags, FLAGS[0], { now });
  // 02:00 as an end is the one that comes after the beginning.
  const notAfter = instantOf(flags, FLAGS[1], { now, after: notBefore ?? now });
  if (notBefore !== undefined && notAfter !== undefined && notAfter <= notBefore) {
    throw new RefitError(
      'E_USAGE',
      `Cannot take --not-after ${text(flags, 'notAfter')}: saw an end before the beginning, ${instantText(notBefore.toISOString())}`,
      { hint: '--not-before 02:00 --not-after 04:00' },
    );
  }
  return {
    ...(notBefore === undefined ? {} : { notBefore: notBefore.toISOString() }),
    ...(notAfter === undefined ? {} : { notAfter: notAfter.toISOString() }),
  };
}

function instantOf(
  flags: Flags,
  [name, flag]: (typeof FLAGS)[number],
  when: { readonly now: Date; readonly after?: Date },
): Date | undefined {
  const written = text(flags, name);
  if (written === undefined) return undefined;
  const parsed = parseInstant(written, when);
  if ('at' in parsed) return parsed.at;
  throw new RefitError('E_USAGE', `Cannot take ${flag}: saw "${written}", ${parsed.problem}`, {
    hint: `${flag} 02:00, which is the next one here, or ${flag} 2026-01-31T02:00:00+01:00`,
  });
}

/** When an open run may stop the service was consented to when it began: another time would be ignored without a word. */
export function requireSameOpening({ id, state }: StoredRun, flags: Flags): void {
  const { options } = factsOf(state.plan);
  for (const [name, flag] of FLAGS) {
    const written = text(flags, name);
    const planned = options[name];
    if (written === undefined || (planned !== undefined && isSame(written, new Date(planned)))) continue;
    throw new RefitError(
      'E_RUN_OPEN',
      `Cannot take ${flag} ${written}: the run ${id} began with ${openingText(options) || 'no such times'}`,
      { hint: `Leave ${flag} away to finish it, or refit rollback and begin anew` },
    );
  }
}

function isSame(written: string, planned: Date): boolean {
  return written === timeOfDay(planned) || Date.parse(written) === planned.getTime();
}
