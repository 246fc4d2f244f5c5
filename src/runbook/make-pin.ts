import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import type { Architecture } from '../release/release.ts';
import { chooseRelease } from './choose-release.ts';
import type { Chosen } from './chosen.ts';
import { channelOf } from './gates.ts';
import { manifestRequestOf } from './manifest-request.ts';
import { meantProfile } from './named-profile.ts';
import { isArchitecture } from './platform.ts';
import type { Pin, PinnedAsset } from './releases.ts';
import { signersOf, trustPolicyOf } from './trust-policy.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** Chooses a release and proves its archives now, one after the other, in scratch that is removed. Needs no installation. */
export async function makePin(workshop: Workshop, wish: Wish, arches: readonly string[]): Promise<Pin> {
  const { host } = workshop;
  const profile = await meantProfile(workshop, wish, { verb: 'pin', typed: 'refit pin --to v0.2.x' });
  const wanted = arches.length === 0 ? profile.release.arches.filter(isArchitecture) : arches.map(known);
  if (wish.sha256 !== undefined && wanted.length > 1) {
    throw new RefitError('E_USAGE', `Cannot pin by one --sha256: saw ${wanted.length} archives, expected one`, {
      hint: '--arch amd64 pins that one alone',
    });
  }
  const { chosen } = await chooseRelease(workshop, wish, { profile });
  const scratch = `/var/tmp/refit-pin-${host.clock.random(6)}`;
  try {
    await host.files.makeDirectory(scratch, { mode: 0o700 });
    const assets: PinnedAsset[] = [];
    for (const arch of new Set(wanted)) assets.push(await pinAsset(workshop, wish, chosen, { profile, arch, scratch }));
    return { product: profile.product, version: chosen.tag, publishedAt: chosen.publishedAt, assets };
  } finally {
    await host.files.removeTree(scratch);
  }
}

async function pinAsset(
  { releases }: Workshop,
  wish: Wish,
  { tag, list, archive }: Chosen,
  { profile, arch, scratch }: { readonly profile: Profile; readonly arch: Architecture; readonly scratch: string },
): Promise<PinnedAsset> {
  const asset = archive(arch)?.asset;
  if (asset === undefined) throw new Error('internal: a source names the archive of every architecture');
  const { name, url } = asset;
  requireCommon(name, url);
  const to = `${scratch}/${name}`;
  const stop = new AbortController().signal;
  await releases.download(asset, { to, maxBytes: profile.release.max_bytes, stop, onProgress: () => undefined });
  const { evidence } = await releases.prove(to, list, {
    name,
    pinned: wish.sha256,
    policy: trustPolicyOf(profile),
    manifest: manifestRequestOf(profile, { arch, version: tag, channel: channelOf(profile, wish) }),
  });
  const { size, sha256 } = evidence;
  return { name, arch, url, size, sha256, signer: signersOf(evidence) };
}

/** A pin is committed: it holds no path of this machine, and nobody's password. */
function requireCommon(name: string, url: string): void {
  const { protocol, username, password } = new URL(url);
  const seen =
    protocol === 'file:' ? 'a folder of this machine' : username + password === '' ? undefined : 'a password';
  if (seen === undefined) return;
  throw new RefitError('E_USAGE', `Cannot pin ${name}: saw ${seen} in its URL, expected one that all can use`, {
    hint: 'serve the folder over HTTP, without a password: --source URL',
  });
}

function known(name: string): Architecture {
  if (isArchitecture(name)) return name;
  throw new RefitError('E_USAGE', `Cannot read --arch: saw "${name}", expected amd64 or arm64`, {
    hint: '--arch amd64,arm64',
  });
}
