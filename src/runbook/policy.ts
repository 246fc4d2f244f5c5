import { RefitError } from '../errors.ts';
import { POLICY_OPTIONS } from '../version/path/options.ts';
import { POLICY_NAMES, type Policy } from '../version/path/policy.ts';
import { flagOf } from './words.ts';

/** What a person or a profile says of a policy, by its name. What another policy is asked for is refused, not ignored. */
export interface PolicyWords {
  readonly name: string;
  readonly allowMajor?: boolean;
  readonly majorTarget?: string | undefined;
  readonly majorSource?: string | undefined;
  readonly floor?: string | undefined;
  readonly grace?: string | undefined;
}

/** bilbycast's own default. */
const GRACE = 1;

/** Rejects with E_POLICY for a name, an option or a value that is not one. */
export function policyNamed(words: PolicyWords): Policy {
  const name = POLICY_NAMES.find((each) => each === words.name);
  if (name === undefined) throw refused(`saw "${words.name}", expected ${POLICY_NAMES.join(', ')}`);
  const given = Object.entries(words).filter(
    ([key, value]) => key !== 'name' && value !== undefined && value !== false,
  );
  const stray = given.find(([key]) => !POLICY_OPTIONS[name].includes(key));
  if (stray !== undefined) throw refused(`${name} has no ${flagOf(stray[0])}`);
  switch (name) {
    case 'semver-drop-in':
      return { name, allowMajor: words.allowMajor ?? false };
    case 'one-minor-at-a-time':
      return {
        name,
        majorTarget: oneOf('majorTarget', words.majorTarget, ['any-patch', 'first-patch']),
        majorSource: oneOf('majorSource', words.majorSource, ['any', 'newest']),
      };
    case 'window':
      return { name, floor: words.floor, grace: graceOf(words.grace) };
    case 'none':
      return { name };
  }
}

function oneOf<const T extends string>(key: string, value: string | undefined, all: readonly [T, ...T[]]): T {
  if (value === undefined) return all[0];
  const found = all.find((each) => each === value);
  if (found === undefined) throw refused(`${flagOf(key)} is "${value}", expected ${all.join(' or ')}`);
  return found;
}

function graceOf(text: string | undefined): number {
  if (text === undefined) return GRACE;
  if (!/^\d{1,6}$/.test(text)) throw refused(`--grace is "${text}", expected a number of minors`);
  return Number(text);
}

function refused(saw: string): RefitError {
  return new RefitError('E_POLICY', `Cannot use this policy: ${saw}`, { hint: 'refit path --help' });
}
