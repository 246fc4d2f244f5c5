import type { PlanDocument } from '../../document/plan.ts';
import type { Hop, Plan } from '../../engine/plan.ts';
import { type Facts, factsOf, factsOfHops } from '../facts.ts';

/** A plan that is a document's, to be run: it takes the bytes that were signed off and no others, and says by which document. */
export function asSigned(plan: Plan, { digest, archives }: PlanDocument): Plan {
  const facts: Facts = { ...pinned(factsOf(plan), archives), document: digest };
  const own = factsOfHops(plan).map((one) => pinned(one, archives));
  const hops = plan.hops.map((hop, number): Hop => (hop.facts === undefined ? hop : { ...hop, facts: own[number] }));
  return { ...plan, facts, hops };
}

function pinned(facts: Facts, archives: PlanDocument['archives']): Facts {
  const { target } = facts;
  if (target.kind !== 'release') return facts;
  const own = archives.filter(({ version }) => version === target.tag);
  const told = own.flatMap(({ name, sha256 }) => (sha256 === null ? [] : [[name, sha256] as const]));
  return { ...facts, target: { ...target, pins: { ...Object.fromEntries(told), ...target.pins } } };
}
