import type { Check } from './check.ts';

/** Is installed what the run that is to be rolled back left? Whoever replaced it since would lose data of his version, too. */
export const checkLeftVersion: Check = async ({ facts: { target, installation } }) => {
  if (target.kind !== 'generation' || target.left === undefined) return [];
  const same = installation.version === target.left;
  return [
    {
      code: 'version-changed',
      severity: same ? 'ok' : 'inhibit',
      measured: `${installation.version} is installed`,
      limit: `${target.left}, which the last run left`,
      remedy: same
        ? 'nothing to do'
        : `find out who replaced it: data written since goes back to ${target.version} as well`,
    },
  ];
};
