import type { Profile } from '../product/schema.ts';
import type { Rules } from '../version/path/edge.ts';
import { solve } from '../version/path/solve.ts';
import { pathVersion } from '../version/path/target.ts';
import type { Judged } from './checks/judge.ts';
import { readCatalogue } from './read-catalogue.ts';
import { stepFindings } from './way-findings.ts';
import type { Workshop } from './workshop.ts';

export interface PathQuestion {
  readonly from: string;
  readonly to: string;
  readonly rules: Omit<Rules, 'catalogue'>;
  /** Whose rules they are; undefined: those of a policy by its name. */
  readonly profile: Profile | undefined;
  readonly waived: readonly string[];
  /** Absolute. */
  readonly catalogue: string;
}

/** What a script reads. */
export interface PathAnswer {
  readonly allowed: boolean;
  /** After `from`, the target last. */
  readonly hops: readonly string[];
  readonly kind: string;
  readonly reason: string;
  /** Of a refusal: the nearest version that can be reached. */
  readonly nearest?: string;
  /** By the rules of a profile: what a plan would say of each step. */
  readonly findings?: readonly Judged[];
}

/** Whether and over what versions one may follow another: of a catalogue and a policy, without any host. */
export async function answerPath(workshop: Workshop, question: PathQuestion): Promise<PathAnswer> {
  const { profile, rules: bare, waived } = question;
  // bilbycast refuses what is not strictly a version; others have written a v for years.
  const strict = bare.policy.name === 'window' || profile?.release.versions === 'semver';
  const from = pathVersion(question.from, 'the version to go from', { strict });
  const to = pathVersion(question.to, 'the version to go to', { strict });
  const rules: Rules = { ...bare, catalogue: await readCatalogue(workshop, question.catalogue) };
  const { hops, nearest, ...rest } = solve(rules, from, to);
  const steps = hops.map((hop, index) => ({ from: hops[index - 1] ?? from, to: hop }));
  return {
    ...rest,
    hops: hops.map(({ tag }) => tag),
    ...(nearest === undefined ? {} : { nearest: nearest.tag }),
    ...(profile === undefined ? {} : { findings: steps.flatMap((step) => stepFindings(profile, rules, step, waived)) }),
  };
}
