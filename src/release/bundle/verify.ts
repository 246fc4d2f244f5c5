import type { Files } from '../../host/files.ts';
import type { ReleaseHost } from '../release.ts';
import type { Proof, TrustRequest } from '../trust/trust.ts';
import { requireClaimed, type SmallFiles, signaturesOf } from './claimed.ts';
import { type BundledFiles, filesOf, readProofs } from './contents.ts';
import { type OpenBundle, openBundle, type PlacedMember } from './open.ts';
import { memberBytes } from './read-member.ts';
import { CHECKSUMS } from './sidecars.ts';

export interface VerifiedMember {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** What says so: "index.json", "checksums.txt", "<asset>.sha256". All of them agreed. */
  readonly by: readonly string[];
  /** Signatures that hold, of this file or of the list that names it; none where no signer was asked for. */
  readonly proofs: readonly Proof[];
}

export interface VerifiedBundle {
  readonly path: string;
  readonly size: number;
  readonly product: string;
  readonly members: readonly VerifiedMember[];
}

/**
 * Reads every byte: each member by the index, each archive by what its publisher said of it, and, where somebody is named
 * who must have signed, by that signature: the archive's own, else that of its list. Offline, and without a policy: what a
 * host that installs from it asks for is its own.
 */
export async function verifyBundle(
  host: Pick<ReleaseHost, 'files' | 'clock'>,
  path: string,
  trust: TrustRequest,
): Promise<VerifiedBundle> {
  const { files } = host;
  const bundle = await openBundle(files, path);
  const members = new Map<string, VerifiedMember>();
  for (const placed of bundle.members.values()) members.set(placed.name, await readWhole(files, bundle, placed));
  for (const release of filesOf(bundle)) {
    const proofs = await readProofs(files, bundle, release);
    for (const archive of release.archives) {
      const claims = requireClaimed(archive.file, archive.sha256, proofs);
      const { name, size, sha256 } = archive;
      const by = ['index.json', ...claims.map(({ from }) => from)];
      const signed = await provenBy(host, bundle, { release, archive, proofs, by }, trust);
      members.set(name, { name, size, sha256, by, proofs: signed });
    }
  }
  return { path, size: bundle.size, product: bundle.index.product, members: [...members.values()] };
}

async function readWhole(files: Files, bundle: OpenBundle, placed: PlacedMember): Promise<VerifiedMember> {
  for await (const _ of memberBytes(files, bundle, placed));
  const { name, size, sha256 } = placed;
  return { name, size, sha256, by: ['index.json'], proofs: [] };
}

interface Asked {
  readonly release: BundledFiles;
  readonly archive: BundledFiles['archives'][number];
  readonly proofs: SmallFiles;
  readonly by: readonly string[];
}

/** Signatures are of files: the signed one is copied out, hashed on the way, with what lies beside it, and is gone after. */
async function provenBy(
  { files, clock }: Pick<ReleaseHost, 'files' | 'clock'>,
  bundle: OpenBundle,
  { release, archive, proofs, by }: Asked,
  trust: TrustRequest,
): Promise<readonly Proof[]> {
  if (trust.signer === undefined && trust.minisignKey === undefined) return [];
  const byList = signaturesOf(archive.file, proofs).length === 0 && by.includes(CHECKSUMS);
  const signed = byList ? release.proofs.find(({ file }) => file === CHECKSUMS) : archive;
  if (signed === undefined) throw new Error(`internal: ${CHECKSUMS} said something and is not there`);
  const scratch = `/var/tmp/refit-look-${clock.random(6)}`;
  try {
    await files.makeDirectory(scratch, { mode: 0o700 });
    await files.writeNew(`${scratch}/${signed.file}`, memberBytes(files, bundle, signed), { mode: 0o600 });
    for (const name of signaturesOf(signed.file, proofs)) {
      await files.writeNew(`${scratch}/${name}`, proofs.get(name) ?? '', { mode: 0o600 });
    }
    const { verifyFile } = await import('../trust/verify-file.ts');
    const artifact = { kind: 'file', path: `${scratch}/${signed.file}` } as const;
    const proven = await verifyFile(files, artifact, { ...trust, signatures: [] });
    return proven.proofs.map((proof) => ({ ...proof, signature: proof.signature.slice(scratch.length + 1) }));
  } finally {
    await files.removeTree(scratch);
  }
}
