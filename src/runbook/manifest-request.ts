import type { Profile } from '../product/schema.ts';
import type { Architecture } from '../release/release.ts';
import type { ManifestRequest } from './releases.ts';

export interface AskedOf {
  readonly arch: Architecture;
  /** Undefined of a local tarball. */
  readonly version: string | undefined;
  readonly channel: string | undefined;
}

/** What a manifest of this product must say for one machine; undefined where releases have none, or none for it. */
export function manifestRequestOf(
  { release }: Pick<Profile, 'release'>,
  { arch: of, version, channel = '' }: AskedOf,
): ManifestRequest | undefined {
  const { manifest } = release;
  const arch = of === 'amd64' || of === 'arm64' ? manifest?.arches[of] : undefined;
  if (manifest === undefined || arch === undefined) return undefined;
  const { file, device_type: deviceType, variant, hosts } = manifest;
  return { file, version, channel, deviceType, arch, variant, hosts };
}
