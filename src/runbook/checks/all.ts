import { checkAgentAssets } from './agent-assets.ts';
import { checkAgentPolicy } from './agent-policy.ts';
import type { Check, Checked, CheckResult, HostChecked } from './check.ts';
import { checkCrossings } from './crossings.ts';
import { checkDatabaseLock } from './database-lock.ts';
import { checkInstallation } from './installation.ts';
import { checkJobs } from './jobs.ts';
import { type Judged, judge } from './judge.ts';
import { checkLeftVersion } from './left-version.ts';
import { checkObstacles } from './obstacles.ts';
import { checkSequence } from './sequence.ts';
import { checkSpace } from './space.ts';
import { checkStrangers } from './strangers.ts';
import { checkTools } from './tools.ts';
import { checkUnit } from './unit.ts';

const CHECKS: readonly Check[] = [
  checkTools,
  checkUnit,
  checkStrangers,
  checkInstallation,
  checkLeftVersion,
  checkSequence,
  checkCrossings,
  checkObstacles,
  checkSpace,
  checkJobs,
  checkDatabaseLock,
  checkAgentPolicy,
  checkAgentAssets,
];

/** Asks every question, in order. */
export async function runChecks(checked: Checked): Promise<Judged[]> {
  const results: CheckResult[] = [];
  for (const check of CHECKS) results.push(...(await check(checked)));
  return judge(results, checked.facts.options.waived);
}

/** Asks what a later hop may need beyond what the first was asked. */
export async function runHopChecks(checked: Checked): Promise<readonly Judged[]> {
  return judge(await checkCrossings(checked), checked.facts.options.waived);
}

/** Asks what can be asked of a host on which nothing is installed yet. */
export async function runHostChecks(checked: HostChecked): Promise<readonly Judged[]> {
  return judge([...(await checkObstacles(checked)), ...(await checkSpace(checked))], checked.facts.options.waived);
}

/** What stands against beginning. */
export function inhibitors(results: readonly Judged[]): readonly Judged[] {
  return results.filter(({ severity, waived }) => severity === 'inhibit' && !waived);
}
