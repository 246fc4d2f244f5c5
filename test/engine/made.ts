import type { Hop, Plan, PlannedStep } from '../../src/engine/plan.ts';

/** A step that nothing is known of but its kind. */
export function step(kind: string): PlannedStep {
  return { kind, stage: 's', title: kind, input: null, window: false, touches: true };
}

/** A plan of one stage over these hops. */
export function planOver(first: Hop, ...others: readonly Hop[]): Plan {
  const hops = [first, ...others];
  return {
    format: 1,
    purpose: 'upgrade',
    product: 'p',
    installation: 'i',
    from: first.from,
    to: hops.at(-1)?.to ?? first.to,
    stages: ['s'],
    facts: null,
    hops,
  };
}
