import type { Profile } from '../product/schema.ts';
import { compare, requireVersion } from '../version/version.ts';

/** Whether an older version runs on the data as it is, and what says so. Plain data: part of a plan. */
export type DataChoice =
  /** Binaries alone go back, and nothing that was written since is lost. */
  | { readonly keeps: true; readonly because: 'known' | 'additive' }
  /** `foreign`: migrations in the data that the older version does not know. */
  | { readonly keeps: false; readonly because: 'foreign'; readonly foreign: readonly string[] }
  | { readonly keeps: false; readonly because: 'asked' | 'unlearned' };

export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * An old version is never started on migrations it does not know, unless the profile calls that span additive: no product here
 * refuses to by itself. Where either list is missing nothing is known to fit.
 */
export function guardSchema(given: {
  /** What the older version knows, as it showed on an empty database. */
  readonly known: readonly string[] | undefined;
  readonly applied: readonly string[] | undefined;
  /** From the older version to the one whose data it is. */
  readonly span: Span;
  readonly migrate: Profile['migrate'];
}): DataChoice {
  const { known, applied, span, migrate } = given;
  if (isAdditive(migrate, span)) return { keeps: true, because: 'additive' };
  if (known === undefined || applied === undefined || applied.length === 0) {
    return { keeps: false, because: 'unlearned' };
  }
  const foreign = applied.filter((row) => !known.includes(row));
  return foreign.length === 0 ? { keeps: true, because: 'known' } : { keeps: false, because: 'foreign', foreign };
}

/** Whether one of the profile's additive spans covers all of this one. */
export function isAdditive(migrate: Profile['migrate'], span: Span): boolean {
  const version = (tag: string) => requireVersion(tag, 'a version of an additive span');
  const covers = ({ from, to }: Span): boolean =>
    compare(version(from), version(span.from)) <= 0 && compare(version(span.to), version(to)) <= 0;
  return migrate?.additive.some(covers) === true;
}
