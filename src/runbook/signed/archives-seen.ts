import type { PlanDocument } from '../../document/plan.ts';
import { toldDigest } from '../cache/told-digest.ts';
import { factsOfHops } from '../facts.ts';
import type { Planned } from '../planned.ts';
import type { Workshop } from '../workshop.ts';
import { shownSource } from './recorded-wish.ts';

type Seen = PlanDocument['archives'][number];

/** The archives of a plan, with what is said of each now. */
export async function archivesSeen(
  { releases }: Pick<Workshop, 'releases'>,
  { plan, proven }: Pick<Planned, 'plan' | 'proven'>,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const { target, installation } of factsOfHops(plan)) {
    if (target.kind !== 'release') continue;
    for (const { asset, arch } of target.archives) {
      const own = arch === installation.arch;
      const { name, url, size = null } = asset;
      const asked = { name, pin: target.pins?.[name], pinned: own ? target.sha256 : undefined };
      const sha256 = (own ? proven?.sha256 : undefined) ?? (await toldDigest(releases, target.list, asked)) ?? null;
      seen.push({ version: target.tag, name, arch, url: shownSource(url), size, sha256 });
    }
  }
  return seen;
}
