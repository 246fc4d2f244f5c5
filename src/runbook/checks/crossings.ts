import { requireVersion } from '../../version/version.ts';
import { consented, neededCrossings } from '../crossings/needed.ts';
import { targetVersion } from '../facts.ts';
import type { Check } from './check.ts';

/** Does the way from the old to the new release need something of this installation? */
export const checkCrossings: Check = async ({ workshop, found, facts }) => {
  // What went with that version lies in its generation: the keys, the files and the account.
  if (facts.target.kind === 'generation') return [];
  const from = requireVersion(facts.installation.version, 'the installed version');
  const to = requireVersion(targetVersion(facts), 'the chosen release');
  const { envEdits, copies, serviceUser, waived } = facts.options;
  const needed = await neededCrossings(workshop, found, { from, to }, waived);
  return needed.map((each) => {
    const { code, measured, limit, remedy, severity, able } = each;
    const finding = { code, measured, limit, remedy, severity };
    if (!able) return finding;
    const wanted = consented([each], []);
    const applied =
      wanted.envEdits.every(({ key }) => envEdits.some((edit) => edit.key === key)) &&
      wanted.copies.every((copy) => copies.some((made) => made.to === copy.to)) &&
      wanted.serviceUser?.user === (wanted.serviceUser === undefined ? undefined : serviceUser?.user);
    if (applied) return { ...finding, severity: 'ok' as const };
    return { ...finding, remedy: `${remedy} (--apply-crossings does it)` };
  });
};
