import type { RunOptions } from '../facts.ts';
import type { Found } from '../find.ts';
import { withEdits } from '../gather.ts';

/** The installation as it will be once these crossings are made. */
export function afterCrossing(
  found: Found,
  { envEdits, serviceUser }: Pick<RunOptions, 'envEdits' | 'serviceUser'>,
): Found {
  const { seen, unit, installation, ...rest } = withEdits(found, envEdits);
  if (serviceUser === undefined) return { ...rest, seen, unit, installation };
  const { user, group } = serviceUser;
  return {
    ...rest,
    seen: seen.unit === undefined ? seen : { ...seen, unit: { ...seen.unit, user, group } },
    unit: { ...unit, user, group },
    installation: { ...installation, user, group },
  };
}
