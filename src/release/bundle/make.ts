import { createHash } from 'node:crypto';
import { RefitError } from '../../errors.ts';
import type { Digest } from '../../host/files.ts';
import { compareBuild, requireVersion } from '../../version/version.ts';
import type { Architecture, Asset, Release, ReleaseHost } from '../release.ts';
import { bring } from './bring.ts';
import { claimsAbout, requireClaimed } from './claimed.ts';
import { isAssetName, isBundledTag } from './index-file.ts';
import { fetchProofs } from './proofs.ts';
import { type PackedMember, writeBundle } from './write.ts';

export interface BundleRequest {
  /** Absolute path of the bundle. `<to>.part` and the folder `<to>.parts` beside it belong to the making of it. */
  readonly to: string;
  readonly product: string;
  readonly releases: readonly {
    readonly release: Release;
    readonly archives: readonly { readonly arch: Architecture; readonly asset: Asset }[];
  }[];
  /** What is said of versions, to be read where there is no network. */
  readonly notes?: readonly { readonly tag: string; readonly text: string }[] | undefined;
  /** refit's own executable, to be carried along: absolute path. */
  readonly executable?: { readonly path: string; readonly arch: Architecture } | undefined;
  /** Of one archive. */
  readonly maxBytes: number;
  readonly bytesPerSecond?: number | undefined;
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: ((what: string, bytes: number, total: number | undefined) => void) | undefined;
}

/** What was made: its own size and digest, to be compared where it arrives. */
export interface MadeBundle extends Digest {
  readonly path: string;
  readonly releases: readonly string[];
  readonly members: readonly { readonly name: string; readonly size: number }[];
}

/**
 * Fetches releases with all that may prove them and writes them into one file. Same input, same bytes: nothing in it is of
 * the time or the machine. An archive that its publisher's own list contradicts, or of which nothing is said, is refused
 * here, where somebody can still ask. Whether to believe the list is for the host that installs from it.
 */
export async function makeBundle(host: ReleaseHost, request: BundleRequest): Promise<MadeBundle> {
  const { to, product, executable, stop } = request;
  const releases = inOrder(request.releases);
  const members: PackedMember[] = notesOf(request);
  for (const one of releases) members.push(...(await membersOf(host, request, one)));
  if (executable !== undefined) {
    const { size, sha256 } = await host.files.digest(executable.path);
    const name = `refit/refit_linux_${executable.arch}`;
    members.push({ name, size, sha256, arch: executable.arch, from: executable.path });
  }
  const told = releases.map(({ release: { tag, prerelease, publishedAt } }) => ({ tag, prerelease, publishedAt }));
  const digest = await writeBundle(host.files, { to, index: { product, releases: told }, members, stop });
  await host.files.removeTree(stagingOf(to));
  return {
    ...digest,
    path: to,
    releases: told.map(({ tag }) => tag),
    members: members.map(({ name, size }) => ({ name, size })),
  };
}

function notesOf({ notes = [] }: BundleRequest): PackedMember[] {
  const carriable = notes.filter(({ tag }) => isBundledTag(tag));
  return carriable.map(({ tag, text }) => packed(`notes/${tag}.md`, Buffer.from(`${text}\n`)));
}

function packed(name: string, from: Buffer): PackedMember {
  return { name, size: from.length, sha256: createHash('sha256').update(from).digest('hex'), from };
}

type Wanted = BundleRequest['releases'][number];

async function membersOf(host: ReleaseHost, request: BundleRequest, { release, archives }: Wanted) {
  const { tag } = release;
  const folder = `${stagingOf(request.to)}/${tag}`;
  const names = archives.map(({ asset }) => asset.name);
  const proofs = await fetchProofs(host, release, names, request.stop);
  const members: PackedMember[] = [];
  for (const { arch, asset } of archives) {
    const name = `releases/${tag}/${asset.name}`;
    const { size, sha256, path, isOurs, claimedBy } = await bring(host, asset, {
      to: `${folder}/${asset.name}`,
      folder,
      claims: claimsAbout(asset.name, proofs),
      maxBytes: request.maxBytes,
      bytesPerSecond: request.bytesPerSecond,
      stop: request.stop,
      onProgress: (bytes, total) => request.onProgress?.(name, bytes, total),
    });
    try {
      requireClaimed(asset.name, sha256, proofs);
    } catch (error) {
      if (isOurs) await host.files.remove(path);
      throw error;
    }
    members.push({ name, size, sha256, arch, from: path, claimedBy });
  }
  for (const [name, data] of proofs) members.push(packed(`releases/${tag}/${name}`, data));
  return members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Oldest first, each once: two requests may mean one release. */
function inOrder(releases: readonly Wanted[]): readonly Wanted[] {
  const byTag = new Map(releases.map((one) => [one.release.tag, one]));
  for (const { release, archives } of byTag.values()) {
    requireCarriable(release.tag, isBundledTag(release.tag));
    for (const { asset } of archives) requireCarriable(asset.name, isAssetName(asset.name));
  }
  const versionOf = ({ release }: Wanted) => requireVersion(release.tag, 'the tag of a release');
  return [...byTag.values()].toSorted((a, b) => compareBuild(versionOf(a), versionOf(b)));
}

function requireCarriable(name: string, is: boolean): void {
  if (is) return;
  throw new RefitError(
    'E_SOURCE_INVALID',
    `Cannot bundle ${JSON.stringify(name)}: saw a name that a bundle cannot hold`,
    {
      hint: 'letters, digits and ._+~@=- only, at most 99 of them: carry the tarball itself, for install --from-tarball',
      facts: { name },
    },
  );
}

function stagingOf(to: string): string {
  return `${to}.parts`;
}
