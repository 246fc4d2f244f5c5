import type { Files } from '../../host/files.ts';
import { claimsAbout, signaturesOf } from './claimed.ts';
import { filesOf, readProofs } from './contents.ts';
import type { BundledRelease, BundleMember } from './index-file.ts';
import { openBundle } from './open.ts';
import { CHECKSUMS } from './sidecars.ts';
import { claimedSigner } from './signer.ts';

/** A signature and who it says made it; nobody has judged that yet. */
export interface ClaimedSignature {
  readonly signature: string;
  readonly signer: string;
}

export interface InspectedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly arch?: string | undefined;
  /** Where its digest is claimed beside the index. */
  readonly claimedBy: readonly string[];
  readonly signatures: readonly ClaimedSignature[];
}

export interface InspectedBundle {
  readonly path: string;
  readonly size: number;
  readonly product: string;
  readonly releases: readonly (BundledRelease & {
    readonly archives: readonly InspectedFile[];
    /** Of the list of digests, which stands for all archives in it. */
    readonly listSignatures: readonly ClaimedSignature[];
  })[];
  /** Versions whose release notes are in it. */
  readonly notes: readonly string[];
  /** refit's own executables in it. */
  readonly refit: readonly Pick<BundleMember, 'name' | 'size' | 'arch'>[];
}

/** What is in a bundle, by its index and its small files. The archives are not read: `verifyBundle` does. */
export async function inspectBundle(files: Files, path: string): Promise<InspectedBundle> {
  const bundle = await openBundle(files, path);
  const releases = [];
  for (const release of filesOf(bundle)) {
    const { tag, prerelease, publishedAt } = release;
    const proofs = await readProofs(files, bundle, release);
    const signed = (file: string) =>
      signaturesOf(file, proofs).map((signature) => {
        return { signature, signer: claimedSigner(signature, proofs.get(signature) ?? Buffer.alloc(0)) };
      });
    const archives = release.archives.map(({ file, size, sha256, arch }) => {
      const claimedBy = claimsAbout(file, proofs).map(({ from }) => from);
      return { name: file, size, sha256, arch, claimedBy, signatures: signed(file) };
    });
    releases.push({ tag, prerelease, publishedAt, archives, listSignatures: signed(CHECKSUMS) });
  }
  const { product, members } = bundle.index;
  const notes = members.filter(({ name }) => name.startsWith('notes/')).map(({ name }) => name.slice(6, -3));
  const refit = members
    .filter(({ name }) => name.startsWith('refit/'))
    .map(({ name, size, arch }) => ({ name, size, arch }));
  return { path, size: bundle.size, product, releases, notes, refit };
}
