import type { Profile } from '../product/schema.ts';
import { compare, requireVersion } from '../version/version.ts';

/** Whether an older version runs on the data as it is, and what says so. Plain data: part of a plan. */
export type DataChoice =
  /** Binaries alone go back, and nothing that was written since is lost. */
  | { readonly keeps: true; readonly because: 'known' | 'additive' }
  /** `foreign`: migrations in the data that the older version does not know. */
  | { readonly keeps: false; readonly because: 'foreign'; readonly foreign: readonly string[] }
  | { readonly keeps: false; readonly because: 'asked' | 'unlearned' };

/** The rows of an empty database migrated by each release: what each of them knows. */
export type Schemas = { readonly old: readonly string[]; readonly new: readonly string[] };

export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * An old version is never started on migrations it does not know, unless they are those of a span that the profile calls additive:
 * no product here refuses to by itself. Where a list is missing nothing is known to fit.
 */
export function guardSchema(given: {
  /** What the older version knows, as it showed on an empty database. */
  readonly known: readonly string[] | undefined;
  /** The same of the version whose data it is: a third one that somebody tried by hand may have left more. */
  readonly newer: readonly string[] | undefined;
  readonly applied: readonly string[] | undefined;
  /** From the older version to the one whose data it is. */
  readonly span: Span;
  readonly migrate: Profile['migrate'];
}): DataChoice {
  const { known, newer = [], applied, span, migrate } = given;
  if (known === undefined || applied === undefined || applied.length === 0) {
    return { keeps: false, because: 'unlearned' };
  }
  const foreign = applied.filter((row) => !known.includes(row));
  if (foreign.length === 0) return { keeps: true, because: 'known' };
  return isAdditive(migrate, span, { newer, added: foreign })
    ? { keeps: true, because: 'additive' }
    : { keeps: false, because: 'foreign', foreign };
}

/** Whether one of the profile's additive spans covers all of this one, and what was added is all of its newer version. */
export function isAdditive(
  migrate: Profile['migrate'],
  span: Span,
  { newer, added }: { readonly newer: readonly string[]; readonly added: readonly string[] },
): boolean {
  const isIn = (a: string, b: string): boolean =>
    compare(requireVersion(a, 'a version of a span'), requireVersion(b, 'a version of a span')) <= 0;
  const covers = ({ from, to }: Span): boolean =>
    isIn(from, span.from) && isIn(span.from, span.to) && isIn(span.to, to);
  return added.every((row) => newer.includes(row)) && migrate?.additive.some(covers) === true;
}
