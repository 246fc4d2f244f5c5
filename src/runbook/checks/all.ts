import { checkAgentAssets } from './agent-assets.ts';
import { checkAgentPolicy } from './agent-policy.ts';
import type { Check, Checked, CheckResult } from './check.ts';
import { checkCrossings } from './crossings.ts';
import { checkInstallation } from './installation.ts';
import { checkJobs } from './jobs.ts';
import { checkObstacles } from './obstacles.ts';
import { checkSpace } from './space.ts';
import { checkStrangers } from './strangers.ts';
import { checkTools } from './tools.ts';
import { checkUnit } from './unit.ts';

const CHECKS: readonly Check[] = [
  checkTools,
  checkUnit,
  checkStrangers,
  checkInstallation,
  checkCrossings,
  checkObstacles,
  checkSpace,
  checkJobs,
  checkAgentPolicy,
  checkAgentAssets,
];

/** A result, and whether the person let it pass by name. */
export interface Judged extends CheckResult {
  readonly waived: boolean;
}

/** Asks every question, in order. */
export async function runChecks(checked: Checked): Promise<readonly Judged[]> {
  const results: Judged[] = [];
  for (const check of CHECKS) {
    for (const result of await check(checked)) {
      const waived = result.severity === 'inhibit' && checked.facts.options.waived.includes(result.code);
      results.push({ ...result, waived });
    }
  }
  return results;
}

/** What stands against beginning. */
export function inhibitors(results: readonly Judged[]): readonly Judged[] {
  return results.filter(({ severity, waived }) => severity === 'inhibit' && !waived);
}
