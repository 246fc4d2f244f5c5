import type { ShownPlan } from '../../document/plan.ts';
import type { Judged } from '../../runbook/checks/judge.ts';
import { type Facts, factsOf, factsOfHops } from '../../runbook/facts.ts';
import type { Planned } from '../../runbook/planned.ts';

/** What a step reads or writes, where that is known before. */
function bytesOf(kind: string, { target }: Facts, dataBytes: number): number | null {
  switch (kind) {
    case 'download': {
      const sizes = target.kind === 'release' ? target.archives.map(({ asset }) => asset.size) : [];
      return sizes.reduce<number | null>((sum, size) => (sum === null || size === undefined ? null : sum + size), 0);
    }
    case 'hot-copy':
    case 'prove-copy':
      return dataBytes;
    default:
      return null;
  }
}

export function hopsJson({ plan, dataBytes }: Planned): ShownPlan['hops'] {
  const facts = factsOfHops(plan);
  return plan.hops.map(({ from, to, steps }, hop) => ({
    from,
    to,
    steps: steps.map(({ stage, kind, title, window, ahead = false }) => {
      const bytes = bytesOf(kind, facts[hop] ?? factsOf(plan), dataBytes);
      return { stage, kind, title, down: window, ahead, bytes };
    }),
  }));
}

export function componentsJson({ plan }: Planned): ShownPlan['components'] {
  const from = plan.purpose === 'install' ? null : plan.from;
  const files = new Map(
    factsOfHops(plan).flatMap((facts) => facts.files.map(({ member, target }) => [target, member])),
  );
  return [...files].map(([path, name]) => ({ name, path, from, to: plan.to }));
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
