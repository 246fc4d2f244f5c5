import type { ShownPlan } from '../../document/plan.ts';
import type { Judged } from '../../runbook/checks/all.ts';
import { factsOf } from '../../runbook/facts.ts';
import type { Planned } from '../../runbook/planned.ts';

/** What a step reads or writes, where that is known before. */
function bytesOf(kind: string, { downloadBytes, dataBytes }: Planned): number | null {
  switch (kind) {
    case 'download':
      return downloadBytes ?? null;
    case 'hot-copy':
    case 'prove-copy':
      return dataBytes;
    default:
      return null;
  }
}

export function hopsJson(planned: Planned): ShownPlan['hops'] {
  return planned.plan.hops.map(({ from, to, steps }) => ({
    from,
    to,
    steps: steps.map(({ stage, kind, title, window }) => {
      return { stage, kind, title, down: window, bytes: bytesOf(kind, planned) };
    }),
  }));
}

export function componentsJson({ plan }: Planned): ShownPlan['components'] {
  const from = plan.purpose === 'install' ? null : plan.from;
  return factsOf(plan).files.map(({ member, target }) => ({ name: member, path: target, from, to: plan.to }));
}

export function findingsJson(checks: readonly Judged[]): ShownPlan['findings'] {
  return checks.map(({ code, severity, waived, measured, limit, remedy }) => {
    const inhibits = severity === 'inhibit' && !waived;
    return { code, severity, waived, inhibits, measured, limit, remedy, waiver: inhibits ? `--waive ${code}` : null };
  });
}

/** What comes after a commit is done by nobody's undo; until then a run goes back by itself. */
export function pastReturnJson({ plan }: Planned): ShownPlan['pastReturn'] {
  const { keep, keepDays } = factsOf(plan).options;
  const back =
    plan.purpose === 'install'
      ? 'nothing: there was no version before'
      : `refit rollback, for ${keepDays} days and the last ${keep}`;
  return plan.hops.map(({ to, steps }) => {
    const last = steps.findLast(({ kind }) => kind !== 'archive');
    return { version: to, after: last?.title ?? '', back };
  });
}
