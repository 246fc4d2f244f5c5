import { RefitError } from '../errors.ts';
import { type Catalogue, catalogueOf, listed } from '../version/catalogue.ts';
import type { Policy } from '../version/path/policy.ts';
import type { Version } from '../version/version.ts';
import { sourceOf } from './choose-release.ts';
import type { Found } from './find.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** The releases that a way may go over. */
export interface Stock {
  readonly catalogue: Catalogue;
  /** Where there is no list of all releases: what holds those that there are. */
  readonly holder?: string | undefined;
  /** Of a holder: versions that may well have been released and are not in it. Never gone over, and never taken for a hole. */
  readonly assumed: ReadonlySet<string>;
}

/** Of a leap over more minors than that the first ones are reason enough to refuse it. */
const MAX_ASSUMED = 100;

/** What the source lists; of a tarball, a pin, a bundle or a folder with one release, what it holds. */
export async function stockOf(
  workshop: Workshop,
  wish: Wish,
  { profile }: Pick<Found, 'profile'>,
  { policy, from, to }: { readonly policy: Policy; readonly from: Version; readonly to: Version },
): Promise<Stock> {
  const { releases } = workshop;
  const one = wish.pinned ?? wish.tarball;
  if (one !== undefined) return held(one, [to.tag], { policy, from, to });
  const { source } = wish;
  const isBundle = source?.startsWith('/') === true && (await releases.localKind(source)) === 'bundle';
  try {
    const tags = [...(await releases.tags(sourceOf(wish, profile))), to.tag];
    return isBundle ? held(source, tags, { policy, from, to }) : { catalogue: catalogueOf(tags), assumed: new Set() };
  } catch (error) {
    // One that cannot be asked is not one that has nothing: only where every step is judged by itself that is no matter.
    if (!(error instanceof RefitError) || (error.code === 'E_SOURCE_UNREACHABLE' && judgesByList(policy))) throw error;
    return held(source ?? 'the source', [to.tag], { policy, from, to });
  }
}

/** Whether what lies between two versions decides over the step. */
export function judgesByList({ name }: Policy): boolean {
  return name === 'one-minor-at-a-time';
}

function held(
  holder: string,
  tags: readonly string[],
  { policy, from, to }: { readonly policy: Policy; readonly from: Version; readonly to: Version },
): Stock {
  const { stable } = catalogueOf(tags);
  const between = judgesByList(policy) ? firstPatches(from, to) : [];
  const assumed = between.filter(
    ({ major, minor }) => !stable.some((each) => each.major === major && each.minor === minor),
  );
  const numbers = assumed.map(({ major, minor }) => `${major}.${minor}.0`);
  return { catalogue: catalogueOf([...tags, ...numbers]), holder, assumed: new Set(numbers) };
}

interface Minor {
  readonly major: number;
  readonly minor: number;
}

/** Every minor that could lie between, and the first of every major. */
function firstPatches(from: Version, to: Version): readonly Minor[] {
  const [old, next] = [listed(from), listed(to)];
  if (old.major === next.major) return minors(old.major, old.minor + 1, next.minor);
  const majors = range(old.major + 1, next.major).map((major) => ({ major, minor: 0 }));
  return [...majors, ...minors(next.major, 0, next.minor)];
}

function minors(major: number, first: number, end: number): readonly Minor[] {
  return range(first, end).map((minor) => ({ major, minor }));
}

function range(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(end - first, MAX_ASSUMED)) }, (_, index) => first + index);
}
