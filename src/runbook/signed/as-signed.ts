import type { PlanDocument } from '../../document/plan.ts';
import type { Plan } from '../../engine/plan.ts';
import { type Facts, factsOf } from '../facts.ts';

/** A plan that is a document's, to be run: it takes the bytes that were signed off and no others, and says by which document. */
export function asSigned(plan: Plan, { digest, archives }: PlanDocument): Plan {
  const facts = factsOf(plan);
  if (facts.target.kind !== 'release') return plan;
  const told = archives.flatMap(({ name, sha256 }) => (sha256 === null ? [] : [[name, sha256] as const]));
  const pins = { ...Object.fromEntries(told), ...facts.target.pins };
  const signed: Facts = { ...facts, document: digest, target: { ...facts.target, pins } };
  return { ...plan, facts: signed };
}
