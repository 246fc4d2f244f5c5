import { hopOf, versionLeft } from '../../engine/hop.ts';
import type { Json } from '../../engine/json.ts';
import type { RunState } from '../../engine/replay.ts';
import { onceReturned, textOf } from '../outputs.ts';
import { knownInstallations, runsOf } from '../store/installations.ts';
import type { StoredRun } from '../store/runs.ts';
import type { Workshop } from '../workshop.ts';

/** An archive as a run proved it. */
export interface Origin {
  readonly installation: string;
  readonly product: string;
  readonly version: string;
  readonly asset: string;
}

/** Why an archive stays: its version is what runs, what a rollback goes back to, or what an open run is about. */
export interface Hold {
  readonly installation: string;
  readonly as: 'live' | 'rollback' | 'open';
}

export interface Known {
  readonly from: readonly Origin[];
  readonly heldBy: readonly Hold[];
}

/** What the journals of this host say of archives, by digest. Rejects where a journal cannot be read: it may hold any of them. */
export async function knownDigests(
  workshop: Pick<Workshop, 'host' | 'stateDirectory'>,
): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, { readonly from: Origin[]; readonly heldBy: Hold[] }>();
  for (const installation of await knownInstallations(workshop)) {
    const runs = await runsOf(workshop, installation);
    const hops = runs.flatMap(({ state }) => state.plan.hops.map((_, hop) => hopOf(state, hop)));
    for (const hop of hops) {
      const { product, to } = hop.plan;
      const hold = holdOf(runs, hop);
      for (const [asset, sha256] of provenIn(hop)) {
        const { from, heldBy } = known.get(sha256) ?? { from: [], heldBy: [] };
        known.set(sha256, { from, heldBy });
        if (!from.some((one) => one.installation === installation && one.version === to && one.asset === asset))
          from.push({ installation, product, version: to, asset });
        if (hold !== undefined && !heldBy.some((one) => one.installation === installation && one.as === hold))
          heldBy.push({ installation, as: hold });
      }
    }
  }
  return known;
}

/** By its version, not by its run: it may have been installed long ago, and gone back to since. */
function holdOf(runs: readonly StoredRun[], { ended, plan }: RunState): Hold['as'] | undefined {
  if (ended === undefined) return 'open';
  const last = runs.find((run) => versionLeft(run.state) !== undefined)?.state;
  if (last === undefined) return undefined;
  if (plan.to === versionLeft(last)) return 'live';
  return plan.to === last.plan.from ? 'rollback' : undefined;
}

/** Also of a run that went back: what it proved was proven. */
function provenIn(state: RunState): readonly (readonly [asset: string, sha256: string])[] {
  const proven = onceReturned(state, 'prove') as { readonly [asset: string]: Json } | undefined;
  return Object.entries(proven ?? {}).flatMap(([asset, evidence]) => {
    const sha256 = textOf(evidence, 'sha256');
    return sha256 === undefined ? [] : [[asset, sha256] as const];
  });
}
