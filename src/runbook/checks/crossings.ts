import { crossingsBetween } from '../../product/crossings.ts';
import { requireVersion } from '../../version/version.ts';
import { targetVersion } from '../facts.ts';
import type { Check } from './check.ts';

/** Does the way from the old to the new release need something of this installation? */
export const checkCrossings: Check = async ({ found, facts }) => {
  const from = requireVersion(facts.installation.version, 'the installed version');
  const to = requireVersion(targetVersion(facts), 'the chosen release');
  const { envEdits, copies } = facts.options;
  return crossingsBetween(found.profile, found.installation, from, to).map(({ addition, copy, ...finding }) => {
    // Without an env file there is nowhere to add a key, and a value that only a person knows cannot be added at all.
    const can = (addition !== undefined && found.installation.envFile !== undefined) || copy.length > 0;
    const applied =
      (addition === undefined || envEdits.some(({ key }) => key === addition.key)) &&
      copy.every(({ to: place }) => copies.some((each) => each.to === place));
    if (applied && can) return { ...finding, severity: 'ok' as const };
    return can ? { ...finding, remedy: `${finding.remedy} (--apply-env-edits does it)` } : finding;
  });
};
