import { RefitError } from '../errors.ts';
import { catalogueOf, listed } from '../version/catalogue.ts';
import type { Advisory } from '../version/path/advisory.ts';
import { edgeBetween, type Rules } from '../version/path/edge.ts';
import { type Path, solve } from '../version/path/solve.ts';
import { compare, requireVersion, type Version } from '../version/version.ts';
import type { Judged } from './checks/judge.ts';
import { type Choice, chooseRelease, failedHere } from './choose-release.ts';
import type { Chosen } from './chosen.ts';
import { downgradeRefused } from './downgrade.ts';
import type { Found } from './find.ts';
import { requireStrictly } from './gates.ts';
import { notesFor } from './notes.ts';
import { resolvesTo } from './resolves-to.ts';
import { hopsUntil } from './stop-at.ts';
import type { Skipped } from './store/skipped.ts';
import { upgradeRules } from './upgrade-rules.ts';
import type { BinaryVersion } from './version-of.ts';
import { stepFindings } from './way-findings.ts';
import { beyond, wayRefused } from './way-refusal.ts';
import { judgesByList, type Stock, stockOf } from './way-stock.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** The releases to go over, the target last, and what is to be said of each step. */
export interface Way {
  readonly releases: readonly [Chosen, ...Chosen[]];
  readonly findings: readonly Judged[];
}

interface Asked {
  readonly workshop: Workshop;
  readonly wish: Wish;
  readonly found: Found;
  readonly from: Version;
  readonly to: Version;
  readonly target: Chosen;
}

/**
 * The way from what is installed to the release that was chosen, by the rules of the profile and over the releases that the source
 * lists. Each that is gone over is chosen as the target was, by its exact tag: trust, gates and ages hold for it too, and what
 * failed here is not gone over. Rejects with E_DOWNGRADE or E_UPGRADE_PATH, which names the first step that cannot be.
 */
export async function wayTo(
  workshop: Workshop,
  wish: Wish,
  found: Found,
  { version }: Pick<BinaryVersion, 'version'>,
  { chosen: target }: Choice,
): Promise<Way> {
  const from = requireVersion(version, 'the installed version');
  const to = requireVersion(target.tag, 'the chosen release');
  const asked: Asked = { workshop, wish, found, from, to, target };
  const bare = upgradeRules(found.profile, wish);
  const { name, title } = found.installation;
  if (compare(to, from) < 0 && (bare.policy.name !== 'window' || !asksBack(wish, version)))
    throw await downgradeRefused(workshop, { name, title }, { from: from.tag, to: to.tag });
  const alone: Rules = { ...bare, catalogue: catalogueOf([to.tag]) };
  const direct = edgeBetween(alone, listed(from), listed(to));
  const isSame = direct.kind === 'same-version' && compare(to, from) === 0;
  if (isSame || (direct.allowed && !judgesByList(bare.policy))) {
    hopsUntil([to], wish.stopAt);
    return { releases: [target], findings: findingsOf(asked, alone, [to]) };
  }
  return search(asked, bare, await stockOf(workshop, wish, found, { policy: bare.policy, from, to }));
}

/** What also means the installed version did not ask for an older one: the source has nothing newer. */
function asksBack({ to, tarball, pinned }: Wish, installed: string): boolean {
  return tarball !== undefined || pinned !== undefined || !resolvesTo(to, installed);
}

async function search(asked: Asked, bare: Omit<Rules, 'catalogue'>, stock: Stock): Promise<Way> {
  const { workshop, wish, found, from, to, target } = asked;
  const rules: Rules = { ...bare, catalogue: stock.catalogue };
  const failed = (await failedHere(workshop, found)).filter(({ tag }) => tag !== target.tag);
  const passedBy: Advisory[] = failed.flatMap(({ tag }) => avoiding(tag, 'it failed here before'));
  for (;;) {
    const path = solve({ ...rules, advisories: [...(rules.advisories ?? []), ...passedBy] }, from, to);
    if (!path.allowed) throw await refused(asked, rules, path, failed);
    const missing = path.hops.find(({ number }) => stock.assumed.has(number));
    if (missing !== undefined) throw notHeld(asked, stock, missing);
    const hops = hopsUntil(path.hops, wish.stopAt);
    const releases = await chooseAll(asked, hops, passedBy);
    if (releases !== undefined) return { releases, findings: findingsOf(asked, rules, hops) };
  }
}

/** Undefined: one of them is too young to be gone over, and is passed by from now on. */
async function chooseAll(
  { workshop, wish, found, target }: Asked,
  hops: readonly Version[],
  passedBy: Advisory[],
): Promise<Way['releases'] | undefined> {
  const releases: Chosen[] = [];
  for (const { tag } of hops) {
    if (tag === target.tag) {
      releases.push(target);
      continue;
    }
    try {
      const { chosen } = await chooseRelease(workshop, { ...wish, to: tag }, found);
      requireStrictly(found.profile, chosen.tag, 'a release on the way');
      releases.push(chosen);
    } catch (error) {
      if (!(error instanceof RefitError) || error.code !== 'E_RELEASE_TOO_NEW') throw error;
      passedBy.push(...avoiding(tag, 'it is younger than --min-age'));
      return undefined;
    }
  }
  const [first, ...others] = releases;
  if (first === undefined) throw new Error('internal: a way without a release');
  return [first, ...others];
}

/** As if its vendor had said so. */
function avoiding(tag: string, why: string): readonly Advisory[] {
  const { number } = requireVersion(tag, 'a release on the way');
  return [{ code: 'passed-by', avoid: number, why }];
}

function findingsOf({ found, wish, from }: Asked, rules: Rules, hops: readonly Version[]): readonly Judged[] {
  return hops.flatMap((to, index) =>
    stepFindings(found.profile, rules, { from: hops[index - 1] ?? from, to }, wish.waived),
  );
}

async function refused(
  { workshop, wish, found, from, to }: Asked,
  rules: Rules,
  path: Path,
  failed: readonly Pick<Skipped, 'tag'>[],
): Promise<RefitError> {
  const { name, title } = found.installation;
  if (compare(to, from) < 0) {
    const nearest = beyond(rules, from, to)?.tag;
    return downgradeRefused(workshop, { name, title }, { from: from.tag, to: to.tag, why: path.reason, nearest });
  }
  const notes =
    path.kind === 'major' ? await notesFor(workshop, wish, found.profile, { from: from.tag, to: to.tag }) : undefined;
  // Of those alone that lie on the way: what failed here long ago and elsewhere explains nothing.
  const isBetween = (one: Version) => compare(one, from) > 0 && compare(one, to) < 0;
  const lacking = failed.map(({ tag }) => requireVersion(tag, 'a release that failed here')).filter(isBetween);
  return wayRefused({ title, rules, path, from, to, notes, failed: lacking });
}

function notHeld({ found, from, to }: Asked, { holder }: Stock, { tag }: Version): RefitError {
  const minor = tag.split('.').slice(0, 2).join('.');
  return new RefitError(
    'E_UPGRADE_PATH',
    `Cannot upgrade ${found.installation.title} from ${from.tag} to ${to.tag}: a release of ${minor} comes first, and ${holder} holds none`,
    {
      hint: `refit fetch ${to.tag} --also ${minor}.x --bundle FILE.refit.tar --product ${found.profile.product} brings both; or name a --source that lists all releases`,
      facts: { kind: 'not-held', from: from.tag, to: to.tag, missing: `${minor}.x` },
    },
  );
}
