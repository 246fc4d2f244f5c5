import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import type { Examined } from './examine.ts';
import type { SignatureFile } from './find-signature.ts';
import { type Case, doesNotHold, nameOf } from './refusals.ts';
import type { Artifact, Proof, ProvenFile, TrustRequest } from './trust.ts';

interface Result {
  readonly examined: Examined;
  readonly proof: Proof;
}

/**
 * Proves a file by everything that was asked for, offline; `find` brings the signature of each kind. Nothing is a warning: what
 * is missing, cannot be read or is of an unknown form is a refusal like a signature that does not hold.
 */
export async function proveFile(
  files: Files,
  artifact: Artifact,
  { signer, minisignKey, trustedRoot, refreshedRoot }: Omit<TrustRequest, 'signatures'>,
  find: (method: Proof['method']) => Promise<SignatureFile>,
): Promise<ProvenFile> {
  const results: Result[] = [];
  const caseOf = async (method: Proof['method']): Promise<SignatureFile & Case> => {
    const found = await find(method);
    return { ...found, artifact, signature: found.path };
  };
  if (signer !== undefined) {
    const about = await caseOf('sigstore');
    const { verifySigstore } = await import('./sigstore.ts');
    results.push(await verifySigstore(files, about, about.data, { policy: signer, trustedRoot, refreshedRoot }));
  }
  if (minisignKey !== undefined) {
    const about = await caseOf('minisign');
    const { verifyMinisign } = await import('./minisign.ts');
    results.push(await verifyMinisign(files, about, about.data, minisignKey));
  }
  return proven(artifact, results);
}

function proven(artifact: Artifact, results: readonly Result[]): ProvenFile {
  const [first, ...others] = results;
  if (first === undefined) throw nothingAsked(artifact);
  const { sha256, size } = first.examined;
  for (const { examined, proof } of others) {
    if (examined.sha256 === sha256) continue;
    // Each proof read the file anew: together they must be about one file.
    throw doesNotHold('digest', { artifact, signature: proof.signature }, { seen: examined.sha256, expected: sha256 });
  }
  return {
    file: artifact.kind === 'file' ? artifact.path : nameOf(artifact),
    sha256,
    size,
    proofs: results.map(({ proof }) => proof),
  };
}

function nothingAsked(artifact: Artifact): RefitError {
  return new RefitError(
    'E_USAGE',
    `Cannot verify ${nameOf(artifact)}: saw nobody who must have signed it, expected somebody`,
    {
      hint: 'refit verify FILE --identity WHO --issuer URL, or --repository URL --workflow FILE --ref REF, or --minisign-key KEY',
    },
  );
}
