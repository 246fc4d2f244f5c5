import { RefitError } from '../errors.ts';
import { parseVersion, same, type Version } from '../version/version.ts';

/** The hops up to the one that a person wants to stop at. Rejects with E_USAGE, naming them, where it is none of them. */
export function hopsUntil(hops: readonly Version[], stopAt: string | undefined): readonly Version[] {
  if (stopAt === undefined) return hops;
  const wanted = parseVersion(stopAt.trim());
  const index = wanted === undefined ? -1 : hops.findIndex((hop) => same(hop, wanted));
  if (index >= 0) return hops.slice(0, index + 1);
  const tags = hops.map(({ tag }) => tag);
  throw new RefitError('E_USAGE', `Cannot stop at ${stopAt}: the way goes over ${tags.join(', ')}`, {
    hint: `--stop-at ${tags[0]}`,
  });
}
