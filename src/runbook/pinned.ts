import { pathToFileURL } from 'node:url';
import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import type { AssetList } from '../release/release.ts';
import { allTooNew, tooYoung } from './age.ts';
import type { Chosen } from './chosen.ts';
import { goArchitecture } from './platform.ts';
import type { Pin, PinnedAsset } from './releases.ts';
import { resolvesTo } from './resolves-to.ts';
import { trustPolicyOf } from './trust-policy.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/**
 * The release of a pin. Nothing is resolved and nobody is asked: the archives lie where the pin says, or in the mirror that
 * was named, and are what the pin says or nothing.
 */
export async function pinnedRelease(workshop: Workshop, wish: Wish, file: string, profile: Profile): Promise<Chosen> {
  const { host, releases } = workshop;
  if (wish.tarball !== undefined) throw both(file, wish.tarball);
  const pin = await releases.readPin(file);
  requireSameWish(wish, file, pin, profile);
  const young = tooYoung(host.clock, wish.minAgeMs, { tag: pin.version, publishedAt: pin.publishedAt });
  if (young !== undefined) throw allTooNew(wish.pinned ?? wish.to, young);
  const own = goArchitecture(host.identity.architecture);
  if (!pin.assets.some(({ arch }) => arch === own)) throw notFor(file, pin, own);
  const assets = pin.assets.map((asset) => ({ ...asset, url: urlOf(asset, pin, wish.source) }));
  return {
    tag: pin.version,
    describe: file,
    list: { assets, ...proofsOf(profile, assets) },
    archive(arch) {
      const asset = assets.find((one) => one.arch === arch);
      return asset === undefined ? undefined : { asset: { name: asset.name, size: asset.size, url: asset.url }, arch };
    },
    pins: digestsOf(pin),
  };
}

/** Where the proofs lie that the profile demands beside a digest. Without, nothing but the archives is asked for: their digests are in the pin. */
function proofsOf(profile: Profile, [first]: readonly PinnedAsset[]): Pick<AssetList, 'base'> {
  const { sigstore, minisign } = trustPolicyOf(profile);
  const none = sigstore === undefined && minisign === undefined && profile.release.manifest === undefined;
  return none || first === undefined ? {} : { base: new URL('.', first.url).href };
}

/** By the archive's name. */
export function digestsOf({ assets }: Pin): Readonly<Record<string, string>> {
  return Object.fromEntries(assets.map(({ name, sha256 }) => [name, sha256]));
}

function requireSameWish({ to, sha256 }: Wish, file: string, pin: Pin, { product }: Profile): void {
  if (pin.product !== product) throw mismatch(file, `a pin of ${pin.product}`, product);
  if (!resolvesTo(to, pin.version)) throw mismatch(file, `--to ${to}`, pin.version);
  const digests = pin.assets.map((asset) => asset.sha256);
  if (sha256 !== undefined && !digests.includes(sha256))
    throw mismatch(file, `--sha256 ${sha256}`, digests.join(' or '));
}

/** A mirror has them as every mirror does: in a folder per tag. */
function urlOf({ name, url }: PinnedAsset, { version }: Pin, source: string | undefined): string {
  if (source === undefined) return url;
  const place = `${encodeURIComponent(version)}/${encodeURIComponent(name)}`;
  const root = /^https?:/i.test(source) ? source : pathToFileURL(source).href;
  return new URL(place, root.endsWith('/') ? root : `${root}/`).href;
}

export function mismatch(file: string, seen: string, expected: string): RefitError {
  return new RefitError('E_PIN_MISMATCH', `Cannot go by the pin ${file}: saw ${seen}, expected ${expected}`, {
    hint: 'change the pin, in a commit that somebody reviews: refit pin; or leave --pinned away',
    facts: { file, seen, expected },
  });
}

function notFor(file: string, { assets }: Pin, arch: string): RefitError {
  return mismatch(file, `archives for ${assets.map((asset) => asset.arch).join(', ')}`, `one for ${arch}`);
}

function both(file: string, tarball: string): RefitError {
  return new RefitError('E_USAGE', `Cannot take both: saw --pinned ${file} and --from-tarball ${tarball}`, {
    hint: 'put the tarball into DIR/TAG/ and name that: --pinned --source DIR',
  });
}
