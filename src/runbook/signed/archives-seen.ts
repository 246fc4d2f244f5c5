import type { PlanDocument } from '../../document/plan.ts';
import { toldDigest } from '../cache/told-digest.ts';
import { factsOf } from '../facts.ts';
import type { Planned } from '../planned.ts';
import type { Workshop } from '../workshop.ts';
import { shownSource } from './recorded-wish.ts';

type Seen = PlanDocument['archives'][number];

/** The archives of a plan, with what is said of each now. */
export async function archivesSeen(
  { releases }: Pick<Workshop, 'releases'>,
  { plan, proven }: Pick<Planned, 'plan' | 'proven'>,
): Promise<readonly Seen[]> {
  const { target, installation } = factsOf(plan);
  if (target.kind !== 'release') return [];
  const seen: Seen[] = [];
  for (const { asset, arch } of target.archives) {
    const own = arch === installation.arch;
    const { name, url, size } = asset;
    const asked = { name, pin: target.pins?.[name], pinned: own ? target.sha256 : undefined };
    const sha256 = (own ? proven?.sha256 : undefined) ?? (await toldDigest(releases, target.list, asked));
    seen.push({ name, arch, url: shownSource(url), size: size ?? null, sha256: sha256 ?? null });
  }
  return seen;
}
