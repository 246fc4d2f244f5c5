import type { Profile } from '../product/schema.ts';
import type { Architecture, Asset, Release } from '../release/release.ts';
import type { Chosen } from './chosen.ts';
import type { PlannedManifest } from './facts.ts';
import { channelOf } from './gates.ts';
import { ignoringUnreadable } from './ignoring.ts';
import { manifestRequestOf } from './manifest-request.ts';
import { goArchitecture } from './platform.ts';
import type { ManifestEvidence } from './releases.ts';
import { isReplay, REPLAYED, replayed } from './replay.ts';
import { storePaths } from './store/paths.ts';
import { highestSequence } from './store/sequences.ts';
import { trustPolicyOf } from './trust-policy.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** A picked release as its signed manifest describes it: what the source said of it was only a hint where to look. */
export async function manifestRelease(
  workshop: Workshop,
  wish: Wish,
  { profile, installation }: { readonly profile: Profile; readonly installation: string | undefined },
  picked: Release,
  describe: string,
): Promise<Chosen> {
  const { releases, host } = workshop;
  const { manifest } = profile.release;
  if (manifest === undefined) throw new Error('internal: this product has no manifests');
  const channel = channelOf(profile, wish);
  const redirects = [...manifest.hosts, ...manifest.redirects];
  const list = { ...picked, redirects };
  const { file, hosts } = manifest;
  const signed = await releases.signedManifest(list, { file, hosts, policy: trustPolicyOf(profile) });
  const tag = profile.release.versions === 'semver' ? signed.manifest.version : picked.tag;
  const { version, sequence } = signed.manifest;
  const evidence = { version, channel: signed.manifest.channel, sequence, sha256: signed.sha256 };
  const own = goArchitecture(host.identity.architecture);
  const assetOf = (arch: Architecture): Asset | undefined => {
    const request = manifestRequestOf(profile, { arch, version: picked.tag, channel });
    const other = arch !== own && !signed.manifest.rows.some((row) => row.arch === request?.arch);
    if (request === undefined || other) return undefined;
    const { url } = releases.manifestRow(signed.manifest, request);
    const name = url.slice(url.lastIndexOf('/') + 1);
    // A mirror has the same bytes under the same name: trust is apart.
    return wish.source === undefined ? { name, url, redirects } : releases.requireAsset(list, name);
  };
  // All that can be wrong about it, before anything else is asked.
  assetOf(own);
  return {
    tag,
    describe,
    list,
    manifest: await plannedManifest(workshop, wish, installation, { evidence, channel }),
    archive: (arch) => {
      const asset = assetOf(arch);
      return asset === undefined ? undefined : { arch, asset };
    },
  };
}

/** The manifest as a plan carries it. E_SEQUENCE_REPLAYED where it is an old one and nobody lets that pass. */
export async function plannedManifest(
  { host, stateDirectory }: Workshop,
  { waived }: Pick<Wish, 'waived'>,
  installation: string | undefined,
  { evidence, channel }: { readonly evidence: ManifestEvidence; readonly channel: string | undefined },
): Promise<PlannedManifest> {
  // A pin is made without an installation: nothing was ever seen there.
  const highest =
    installation === undefined
      ? undefined
      : await ignoringUnreadable(() => highestSequence(host, storePaths(stateDirectory, installation)));
  if (highest !== undefined && isReplay(evidence, highest) && !waived.includes(REPLAYED))
    throw replayed(evidence, highest);
  return { channel, sequence: evidence.sequence, sha256: evidence.sha256, highest };
}
