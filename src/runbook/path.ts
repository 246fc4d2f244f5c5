import { solve } from '../version/path/solve.ts';
import { pathVersion } from '../version/path/target.ts';
import { type PolicyWords, policyNamed } from './policy.ts';
import { readCatalogue } from './read-catalogue.ts';
import type { Workshop } from './workshop.ts';

export interface PathQuestion {
  readonly from: string;
  readonly to: string;
  readonly policy: PolicyWords;
  /** Absolute. */
  readonly catalogue: string;
  readonly allowPrerelease: boolean;
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
}

/** Whether and over what versions one may follow another: of a catalogue and a policy, without any host. */
export async function answerPath(workshop: Workshop, question: PathQuestion): Promise<PathAnswer> {
  const policy = policyNamed(question.policy);
  // bilbycast refuses what is not strictly a version; others have written a v for years.
  const strict = policy.name === 'window';
  const from = pathVersion(question.from, 'the version to go from', { strict });
  const to = pathVersion(question.to, 'the version to go to', { strict });
  const catalogue = await readCatalogue(workshop, question.catalogue);
  const { allowPrerelease } = question;
  const { hops, nearest, ...rest } = solve({ policy, catalogue, allowPrerelease }, from, to);
  return {
    ...rest,
    hops: hops.map(({ tag }) => tag),
    ...(nearest === undefined ? {} : { nearest: nearest.tag }),
  };
}
