import type { Row } from '../health/baseline.ts';
import type { BaselineRow } from '../product/schema.ts';
import { expand } from '../product/template.ts';
import type { Facts } from './facts.ts';
import { scopeOf } from './questions.ts';

/** Names of the profile's rows: those that a run compares, and those that it cannot without an API token. */
export interface Compared {
  readonly compared: readonly string[];
  readonly needToken: readonly string[];
}

/** What this run will compare with how it was before. */
export function comparedOf({ profile, options }: Pick<Facts, 'profile' | 'options'>): Compared {
  const names = (rows: readonly BaselineRow[]): readonly string[] => rows.map(({ name }) => name);
  const { baseline } = profile.health;
  return {
    compared: names(baseline.filter(({ token }) => !token || options.token)),
    needToken: names(baseline.filter(({ token }) => token && !options.token)),
  };
}

/** The profile's rows, filled in. Those that need a token are left out without one. */
export function rowsOf(facts: Facts, token: boolean): readonly Row[] {
  const scope = scopeOf(facts);
  return facts.profile.health.baseline
    .filter((row) => !row.token || token)
    .map((row) => {
      const { patience, after, url, ...rest } = row;
      return { ...rest, url: expand(url, scope), patienceMs: patience, afterMs: after };
    });
}
