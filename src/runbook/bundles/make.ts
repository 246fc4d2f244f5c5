import { RefitError } from '../../errors.ts';
import type { Profile } from '../../product/schema.ts';
import { expand } from '../../product/template.ts';
import type { Architecture } from '../../release/release.ts';
import { compare, requireVersion } from '../../version/version.ts';
import { sourceOf } from '../choose-release.ts';
import { meantProfile } from '../named-profile.ts';
import { notesFor } from '../notes.ts';
import { goArchitecture, isArchitecture } from '../platform.ts';
import type { MadeBundle } from '../releases.ts';
import type { Wish } from '../wish.ts';
import type { Workshop } from '../workshop.ts';

/** What somebody wants to carry. */
export interface BundleWish {
  /** Absolute path of the bundle. */
  readonly to: string;
  /** As typed; none: all that the profile has. */
  readonly arches: readonly string[];
  /** Tags or ranges beside `--to`. */
  readonly also: readonly string[];
  readonly withRefit: boolean;
  onProgress(what: string, bytes: number, total: number | undefined): void;
}

/** Releases are for Linux, wherever they are bundled. */
const OS = 'linux';

/** Fetches releases into one file: on any machine with a network, as any user, whether the product is installed or not. */
export async function makeBundle(workshop: Workshop, wish: Wish, bundle: BundleWish): Promise<MadeBundle> {
  const profile = await meantProfile(workshop, wish, {
    verb: 'bundle',
    typed: 'refit fetch VERSION --bundle FILE.refit.tar',
  });
  const arches = archesOf(profile, bundle.arches);
  const executable = bundle.withRefit ? ownExecutable(workshop) : undefined;
  const name = sourceOf(wish, profile);
  const releases = [];
  for (const request of [wish.to, ...bundle.also]) {
    const release = await workshop.releases.choose(name, request, { allowPrerelease: wish.allowPrerelease });
    const archives = arches.map((arch) => {
      const file = expand(profile.release.asset, { env: {}, os: OS, arch, version: release.tag });
      return { arch, asset: workshop.releases.requireAsset(release, file) };
    });
    releases.push({ release, archives });
  }
  // From the first version on: what is installed where the bundle arrives, nobody knows here.
  const newest = releases.map(({ release }) => release.tag).reduce(newerOf);
  const notes = await notesFor(workshop, wish, profile, { to: newest });
  return workshop.releases.makeBundle({
    notes: notes ?? [],
    to: bundle.to,
    product: profile.product,
    releases,
    executable,
    maxBytes: profile.release.max_bytes,
    bytesPerSecond: wish.limitRate,
    onProgress: bundle.onProgress,
  });
}

function newerOf(a: string, b: string): string {
  const [first, second] = [a, b].map((tag) => requireVersion(tag, 'the tag of a release'));
  return first !== undefined && second !== undefined && compare(first, second) < 0 ? b : a;
}

function archesOf({ release, title }: Profile, asked: readonly string[]): readonly Architecture[] {
  const offered = release.arches.filter(isArchitecture);
  const stray = asked.find((arch) => !offered.some((one) => one === arch));
  if (stray !== undefined) {
    throw new RefitError(
      'E_USAGE',
      `Cannot bundle ${title} for "${stray}": saw no such architecture in its profile, expected ${offered.join(' or ')}`,
      { hint: `--arch ${offered.join(',')}` },
    );
  }
  return asked.length === 0 ? offered : offered.filter((arch) => asked.includes(arch));
}

/** A host without Node needs the single executable; of a checkout or an npm package there is none to carry. */
function ownExecutable({ host }: Workshop): { readonly path: string; readonly arch: Architecture } {
  const [path, ...words] = host.identity.self;
  if (words.length === 0) return { path, arch: goArchitecture(host.identity.architecture) };
  throw new RefitError('E_USAGE', 'Cannot bundle refit itself: it runs on Node here, expected the single executable', {
    hint: 'make the bundle with the single executable, or leave --with-refit away',
  });
}
