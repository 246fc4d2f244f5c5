import { RefitError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Release } from '../release/release.ts';

/** A release that is passed by because it is too young. Times are RFC 3339 in UTC. */
export interface TooNew {
  readonly tag: string;
  readonly publishedAt: string;
  readonly oldEnoughAt: string;
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Whether a release is younger than was asked for; undefined where it is old enough, or no age was asked. E_RELEASE_UNDATED
 * where nobody says how old it is: what hides its age would otherwise be taken first.
 */
export function tooYoung(
  clock: Pick<Clock, 'now'>,
  minAgeMs: number | undefined,
  { tag, publishedAt }: Pick<Release, 'tag' | 'publishedAt'>,
): TooNew | undefined {
  if (minAgeMs === undefined) return undefined;
  const at = RFC3339.test(publishedAt ?? '') ? Date.parse(publishedAt ?? '') : Number.NaN;
  if (Number.isNaN(at)) throw undated(tag, publishedAt);
  const oldEnough = at + minAgeMs;
  if (clock.now().getTime() >= oldEnough) return undefined;
  return { tag, publishedAt: utc(at), oldEnoughAt: utc(oldEnough) };
}

export function allTooNew(request: string, { tag, publishedAt, oldEnoughAt }: TooNew, cause?: RefitError): RefitError {
  return new RefitError(
    'E_RELEASE_TOO_NEW',
    `Cannot choose a release for "${request}": saw ${tag}, published on ${publishedAt}, expected one that is older`,
    {
      hint: `wait until ${oldEnoughAt}, or take it now: --allow-new`,
      facts: { tag, publishedAt, oldEnoughAt },
      cause,
    },
  );
}

function undated(tag: string, seen: string | undefined): RefitError {
  return new RefitError(
    'E_RELEASE_UNDATED',
    `Cannot tell the age of ${tag}: saw ${seen === undefined ? 'no date' : JSON.stringify(seen.slice(0, 40))}, expected when it was published`,
    {
      hint: 'look at where it was published, and if it is old enough: --allow-new',
      facts: { tag },
    },
  );
}

function utc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
