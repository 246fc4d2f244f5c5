import type { Mutation } from '../support/mutant.ts';
import type { Arena } from './matrix.ts';
import type { Scenario } from './scenarios.ts';
import { buildScene } from './scene.ts';
import { makeSlot } from './slot.ts';
import { runTrial, traceOf } from './trial.ts';

export interface SlotsOptions {
  /** An empty directory for them. */
  readonly directory: string;
  /** How many. */
  readonly jobs: number;
  readonly mutation?: Mutation | undefined;
}

/** Places with the embedded process manager, for anybody. */
export async function slotArenas({ directory, jobs, mutation }: SlotsOptions): Promise<readonly Arena<Scenario>[]> {
  const scene = await buildScene(directory, mutation);
  const slots = await Promise.all(Array.from({ length: jobs }, (_, n) => makeSlot(scene, `slot-${n + 1}`)));
  return slots.map((slot) => ({
    trace: (scenario) => traceOf(slot, scenario),
    trial: (scenario, point) => runTrial(slot, scenario, point),
  }));
}
