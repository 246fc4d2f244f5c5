import type { Profile } from '../product/schema.ts';
import { binding } from '../version/path/advisory.ts';
import type { Rules } from '../version/path/edge.ts';
import { policyNamed } from './policy.ts';

/** What a person consents to, of what a policy asks. */
export interface Consent {
  readonly allowMajor?: boolean | undefined;
  readonly allowPrerelease: boolean;
  readonly waived?: readonly string[];
}

/** What a profile says of ways, but for the catalogue. */
export function upgradeRules(
  { upgrades }: Pick<Profile, 'upgrades'>,
  { allowMajor = false, allowPrerelease, waived = [] }: Consent,
): Omit<Rules, 'catalogue'> {
  const { policy, allow_major: always = false, major_target, major_source, floor, grace, advisories } = upgrades;
  return {
    policy: policyNamed({
      name: policy,
      // Another policy has its own word on majors.
      allowMajor: policy === 'semver-drop-in' && (always || allowMajor),
      majorTarget: major_target,
      majorSource: major_source,
      floor,
      grace: grace?.toString(),
    }),
    advisories: binding(advisories, waived),
    // Whoever names one means it, but where the vendor's own table wants more than that.
    allowPrerelease: allowPrerelease || policy !== 'one-minor-at-a-time',
  };
}
