import type { PolicyName } from './policy.ts';

/** What each policy may be told: another one's option is refused, not ignored. */
export const POLICY_OPTIONS: Readonly<Record<PolicyName, readonly string[]>> = {
  'semver-drop-in': ['allowMajor'],
  'one-minor-at-a-time': ['majorTarget', 'majorSource'],
  window: ['floor', 'grace'],
  none: [],
};
