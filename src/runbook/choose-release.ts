import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import { expand } from '../product/template.ts';
import type { Release } from '../release/release.ts';
import { parseRequest } from '../version/request.ts';
import { allTooNew, type TooNew, tooYoung } from './age.ts';
import type { Chosen } from './chosen.ts';
import type { Found } from './find.ts';
import { ignoringUnreadable } from './ignoring.ts';
import { manifestRelease } from './manifest-release.ts';
import { goArchitecture, isArchitecture } from './platform.ts';
import type { SourceName } from './releases.ts';
import { storePaths } from './store/paths.ts';
import { type Skipped, skippedReleases } from './store/skipped.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

export interface Choice {
  readonly chosen: Chosen;
  /** Newer ones that the request allows and that failed here before, newest first. */
  readonly passedBy: readonly Skipped[];
  /** Newer ones that the request allows and that are too young, newest first. */
  readonly tooNew: readonly TooNew[];
}

/** The installation knows what failed there; a pin, and what is installed for the first time, have none. */
export type Wanted = Pick<Found, 'profile'> & { readonly installation?: Pick<Found['installation'], 'name'> };

/**
 * The release a request means. A range passes by what failed here; whoever names it exactly, means it. What is too young is
 * passed by too, and refused where it is named exactly: an age that is asked for is a policy, often of somebody else.
 */
export async function chooseRelease(workshop: Workshop, wish: Wish, wanted: Wanted): Promise<Choice> {
  const name = sourceOf(wish, wanted.profile);
  const { allowPrerelease } = wish;
  const isExact = parseRequest(wish.to).kind === 'exact';
  const failed = isExact ? [] : await failedHere(workshop, wanted);
  const passedBy: Skipped[] = [];
  const tooNew = new Map<string, TooNew>();
  const passes = (release: Release): boolean => {
    const young = tooYoung(workshop.host.clock, wish.minAgeMs, release);
    if (young !== undefined) tooNew.set(release.tag, young);
    if (young !== undefined && isExact) throw allTooNew(wish.to, young);
    return young === undefined;
  };
  const pick = async (): Promise<Release> => {
    const without = passedBy.map(({ tag }) => tag);
    try {
      return await workshop.releases.choose(name, wish.to, { allowPrerelease, without, passes });
    } catch (error) {
      if (!(error instanceof RefitError) || error.code !== 'E_RELEASE_UNKNOWN') throw error;
      const young = [...tooNew.values()].at(-1);
      if (young !== undefined) throw allTooNew(wish.to, young, error);
      const [newest] = passedBy;
      throw newest === undefined ? error : allSkipped(wish.to, newest, error);
    }
  };
  for (;;) {
    const picked = await pick();
    const before = failed.find(({ tag }) => tag === picked.tag);
    if (before === undefined || !(await isTheSame(workshop, picked, assetOf(workshop, wanted, picked), before))) {
      const describe = picked.origin ?? workshop.releases.describe(name);
      const { profile, installation } = wanted;
      const chosen =
        profile.release.manifest === undefined
          ? chosenFrom(workshop, wanted, picked, describe)
          : await manifestRelease(workshop, wish, { profile, installation: installation?.name }, picked, describe);
      return { chosen, passedBy, tooNew: [...tooNew.values()] };
    }
    passedBy.push(before);
  }
}

/** Where a product's releases are looked for. */
export function sourceOf(
  { source, mirrors }: Pick<Wish, 'source' | 'mirrors'>,
  { release, title }: Profile,
): SourceName {
  const name = { from: source, mirrors, repository: release.github };
  if (name.from !== undefined || name.repository !== undefined) return name;
  throw new RefitError('E_USAGE', `Cannot look for releases of ${title}: its profile names no repository`, {
    hint: 'Say where they are: --source URL or --source DIR',
  });
}

function chosenFrom(workshop: Workshop, { profile }: Wanted, picked: Release, describe: string): Chosen {
  return {
    tag: picked.tag,
    publishedAt: picked.publishedAt,
    describe,
    list: picked,
    archive: (arch) => {
      const scope = { env: {}, os: workshop.host.identity.platform, arch, version: picked.tag };
      return { arch, asset: workshop.releases.requireAsset(picked, expand(profile.release.asset, scope)) };
    },
  };
}

/** What failed on this installation, as far as whoever asks may read it. */
export async function failedHere(
  workshop: Workshop,
  { installation }: Pick<Wanted, 'installation'>,
): Promise<readonly Skipped[]> {
  if (installation === undefined) return [];
  const store = storePaths(workshop.stateDirectory, installation.name);
  return (await ignoringUnreadable(() => skippedReleases(workshop.host, store))) ?? [];
}

/** A tag that was published again with other bytes may be tried; where nobody says what its bytes are, it is the same. */
async function isTheSame(
  { releases }: Workshop,
  release: Release,
  asset: string | undefined,
  { sha256 }: Skipped,
): Promise<boolean> {
  if (sha256 === undefined || asset === undefined) return true;
  try {
    const claims = await releases.claims(release, { name: asset });
    return claims.length === 0 || claims.some((claim) => claim.sha256 === sha256);
  } catch (error) {
    if (error instanceof RefitError) return true;
    throw error;
  }
}

function assetOf({ host }: Workshop, { profile }: Wanted, { tag }: Release): string | undefined {
  const arch = goArchitecture(host.identity.architecture);
  if (!isArchitecture(arch)) return undefined;
  return expand(profile.release.asset, { env: {}, os: host.identity.platform, arch, version: tag });
}

function allSkipped(request: string, { tag, message, at }: Skipped, cause: RefitError): RefitError {
  return new RefitError(
    'E_RELEASE_SKIPPED',
    `Cannot choose a release for "${request}": saw only such as failed here, ${tag} on ${at.slice(0, 10)}: ${message}`,
    { hint: `--to ${tag} tries it again, once; refit unskip ${tag} lets ranges choose it`, facts: { tag }, cause },
  );
}
