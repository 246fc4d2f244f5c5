import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import { requireVersion, same } from '../version/version.ts';
import type { Chosen } from './chosen.ts';
import { channelOf } from './gates.ts';
import { plannedManifest } from './manifest-release.ts';
import { manifestRequestOf } from './manifest-request.ts';
import { goArchitecture } from './platform.ts';
import { trustPolicyOf } from './trust-policy.ts';
import { versionOf } from './version-of.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/**
 * A release from one local tarball. Which version it is only its binary can say, so it is proven first and the binary alone
 * unpacked into scratch, asked, and removed.
 */
export async function tarballRelease(
  workshop: Workshop,
  wish: Wish,
  profile: Profile,
  installation: string,
): Promise<Chosen> {
  const { host, releases } = workshop;
  if (wish.tarball === undefined) throw new Error('internal: no tarball was named');
  const arch = goArchitecture(host.identity.architecture);
  const { asset, list } = await releases.localTarball(wish.tarball);
  const policy = trustPolicyOf(profile);
  const channel = channelOf(profile, wish);
  const manifest = manifestRequestOf(profile, { arch, version: undefined, channel });
  const artifact = await releases.prove(wish.tarball, list, {
    name: asset.name,
    pinned: wish.sha256,
    policy,
    manifest,
  });
  const member = profile.release.members.find(({ role }) => role === 'binary');
  if (member === undefined) throw new Error('internal: a profile without a binary was loaded');
  const scratch = `/var/tmp/refit-look-${host.clock.random(6)}`;
  try {
    await host.files.makeDirectory(scratch, { mode: 0o700 });
    const to = `${scratch}/binary`;
    const options = { maxBytes: profile.release.max_unpacked, stop: new AbortController().signal };
    await releases.unpack(artifact, [{ name: member.member, to, owner: { mode: 0o700 } }], options);
    await releases.requireExecutable(to, arch);
    const version = await versionOf(host.commands, profile, to);
    if (version === undefined) {
      throw new RefitError(
        'E_VERSION_MISMATCH',
        `Cannot tell the version of ${wish.tarball}: its ${member.member} says nothing that fits`,
        {
          hint: `Is it a release of ${profile.title}? --product NAME chooses another product`,
        },
      );
    }
    // It names a folder of downloads: it must be a version, and nothing that leads elsewhere.
    const said = requireVersion(version.version, `the version of ${wish.tarball}`);
    const { manifest: evidence } = artifact.evidence;
    if (evidence !== undefined && !same(said, requireVersion(evidence.version, 'the version of its manifest'))) {
      throw new RefitError(
        'E_VERSION_MISMATCH',
        `Cannot trust ${wish.tarball}: it says ${version.version}, expected ${evidence.version} by its manifest`,
        { hint: 'The release is mislabelled: ask the publisher' },
      );
    }
    return {
      tag: version.version,
      describe: wish.tarball,
      list,
      manifest: evidence && (await plannedManifest(workshop, wish, installation, { evidence, channel })),
      proven: artifact.evidence,
      archive: (each) => (each === arch ? { asset, arch } : undefined),
    };
  } finally {
    await host.files.removeTree(scratch);
  }
}
