import { estimateOf } from './estimating.ts';
import { factsOf } from './facts.ts';
import type { Planned } from './planned.ts';
import { waiversAmong } from './waivers.ts';
import { whoAsks } from './who-asks.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** What a plan gets last, once its steps and findings are known: who lets what pass, and how long it is going to take. */
export async function complete(workshop: Workshop, { because }: Pick<Wish, 'because'>, planned: Planned) {
  const { environment, uid } = workshop.host.identity;
  const waiving = { who: whoAsks(environment, uid), why: because ?? null };
  const facts = factsOf(planned.plan);
  const options = { ...facts.options, waiving, waivers: waiversAmong(planned.checks, waiving) };
  const plan = { ...planned.plan, facts: { ...facts, options } };
  return { ...planned, plan, estimate: await estimateOf(workshop, planned) } satisfies Planned;
}
