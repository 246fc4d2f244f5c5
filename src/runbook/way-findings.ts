import type { Profile } from '../product/schema.ts';
import { listed } from '../version/catalogue.ts';
import { type Advisory, advisoriesOf, refusal } from '../version/path/advisory.ts';
import { edgeBetween, type Rules } from '../version/path/edge.ts';
import type { Kind } from '../version/path/policy.ts';
import { compare, type Version } from '../version/version.ts';
import type { CheckResult } from './checks/check.ts';
import { type Judged, judge } from './checks/judge.ts';

/** Nothing in a profile speaks of facts of an installation yet. */
const NO_FACTS: ReadonlySet<string> = new Set();

/** What is to be said of one step of a way: what the vendor does, and what is unusual about it. */
export function stepFindings(
  { upgrades }: Pick<Profile, 'upgrades'>,
  rules: Rules,
  { from, to }: { readonly from: Version; readonly to: Version },
  waived: readonly string[],
): readonly Judged[] {
  const [old, next] = [listed(from), listed(to)];
  const edge = edgeBetween(rules, old, next);
  const step = `${from.tag} to ${to.tag}`;
  const unusual = remark(edge.kind, edge.discouraged === true, compare(to, from) < 0);
  const found: readonly CheckResult[] = [
    ...(unusual === undefined ? [] : [{ ...unusual, measured: step, limit: edge.reason }]),
    ...advisoriesOf(upgrades.advisories, old, next, NO_FACTS).map((each) =>
      advisoryFinding(each, step, refusal([each], next)?.reason),
    ),
  ];
  return judge(found, waived);
}

function remark(
  kind: Kind,
  discouraged: boolean,
  isBack: boolean,
): Pick<CheckResult, 'code' | 'severity' | 'remedy'> | undefined {
  if (isBack)
    return {
      code: 'older-version',
      severity: 'warning',
      remedy: 'its data stays as it is: refit rollback would go back with the data of then',
    };
  if (discouraged)
    return { code: kind, severity: 'warning', remedy: 'nothing leads around it: look at the release notes' };
  if (kind === 'from-prerelease') return { code: kind, severity: 'warning', remedy: 'look at the release notes' };
  if (kind === 'same-version') return { code: 'other-build', severity: 'info', remedy: 'nothing to do' };
  return kind === 'major' ? { code: kind, severity: 'info', remedy: 'read the release notes: --notes' } : undefined;
}

/** `against`: why the step goes against it. */
function advisoryFinding(advisory: Advisory, step: string, against: string | undefined): CheckResult {
  const { code, severity, why, hook, before, after } = advisory;
  const acts = [
    ...(before === undefined ? [] : [`before: ${before}`]),
    ...(after === undefined ? [] : [`after: ${after}`]),
    ...(hook === undefined ? [] : [`the hook ${hook} runs`]),
  ];
  const toDo = before !== undefined || after !== undefined;
  return {
    code,
    severity: against === undefined && !toDo ? 'ok' : (severity ?? (before === undefined ? 'info' : 'warning')),
    measured: step,
    limit: against ?? why,
    remedy:
      acts.length === 0
        ? against === undefined
          ? 'nothing to do'
          : 'choose another release with --to'
        : acts.join('; '),
  };
}
