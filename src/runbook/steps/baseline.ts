import type { Json } from '../../engine/json.ts';
import type { Step } from '../../engine/step.ts';
import type { Observation, Row } from '../../health/baseline.ts';
import { rowsOf } from '../baseline-rows.ts';
import { readToken } from '../token.ts';
import type { World } from '../world.ts';

export const ASK_TIMEOUT_MS = 5_000;

/** How everything is before the window: what the new version will be compared with. Only looks. */
export const baseline: Step<World, null, null> = {
  prepare: async () => null,
  async change(world, _input, _undo, stop): Promise<Observation> {
    const rows = await askedRows(world);
    return world.health.remembered(rows, await observeNow(world, rows, stop));
  },
  revert: async () => undefined,
};

/** What the journal kept of it; undefined for a run without. */
export function baselineOf({ outputOf }: World): Observation | undefined {
  const kept: Json | undefined = outputOf('baseline');
  return kept as Observation | undefined;
}

export async function askedRows({ facts, host, run }: World): Promise<readonly Row[]> {
  return rowsOf(facts, (await readToken(host.files, run.paths)) !== undefined);
}

export async function observeNow(
  { health, host, run }: World,
  rows: readonly Row[],
  stop: AbortSignal,
): Promise<Observation> {
  const token = await readToken(host.files, run.paths);
  return health.observe(rows, { token, sinceStartMs: undefined, timeoutMs: ASK_TIMEOUT_MS, stop });
}
