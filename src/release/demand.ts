import { RefitError } from '../errors.ts';
import type { Evidence } from './release.ts';
import { keyIdText, parseMinisignKey } from './trust/minisign-text.ts';
import { requireSigner } from './trust/policy.ts';
import { noGround, otherSigner } from './trust/refusals.ts';
import type { Proof } from './trust/trust.ts';
import type { MinisignDemand, Over, SignatureEvidence, SigstoreDemand, TrustPolicy } from './trust-policy.ts';

/**
 * Whether evidence is all that a policy asks for. The last question before an archive counts as proven, and asked again of
 * evidence out of a journal: a plan that demands a signature is not served by what an earlier run made without one.
 */
export function requireDemanded(file: string, evidence: Evidence, policy: TrustPolicy): void {
  const { sigstore, minisign } = policy;
  if (policy.checksums && evidence.from.length === 0)
    throw noDigest(file, 'no digest of it, expected one that is claimed');
  if (sigstore !== undefined) requireSigstore(file, signatureOf(file, evidence, 'sigstore', sigstore.over), sigstore);
  if (minisign !== undefined) requireMinisign(file, signatureOf(file, evidence, 'minisign', minisign.over), minisign);
  if (policy.checksums || sigstore !== undefined || minisign !== undefined) return;
  throw noDigest(file, 'a policy that asks for nothing, expected a digest or a signature');
}

function signatureOf(file: string, evidence: Evidence, method: Proof['method'], over: Over): SignatureEvidence {
  const found = (evidence.signatures ?? []).find((one) => one.proof.method === method && one.over === over);
  if (found === undefined) {
    throw new RefitError(
      'E_SIGNATURE_MISSING',
      `Cannot trust ${file}: saw no ${method} signature over the ${over} in what was proven of it, expected one`,
      { hint: 'the profile demands it: refit upgrade proves it anew', facts: { file, method, over } },
    );
  }
  if (over === 'checksums' && !evidence.from.includes('checksums.txt')) {
    throw noDigest(file, 'a signed checksums.txt that does not name it, expected its digest there');
  }
  if (over === 'manifest' && evidence.manifest?.sha256 !== found.sha256) {
    throw noDigest(file, 'a signed manifest that does not name it, expected its digest there');
  }
  if (over === 'asset' && found.sha256 !== evidence.sha256) {
    const { sha256: expected } = evidence;
    throw new RefitError(
      'E_DIGEST_MISMATCH',
      `Cannot trust ${file}: saw a signature over ${found.sha256}, expected one over ${expected}`,
      { hint: 'it was changed while it was verified: fetch it again', facts: { file, seen: found.sha256, expected } },
    );
  }
  return found;
}

function requireSigstore(file: string, { proof }: SignatureEvidence, { signer }: SigstoreDemand): void {
  if (proof.method !== 'sigstore') throw new Error('internal: a signature of another kind was chosen');
  const { signer: identity, issuer, repository, ref, signature } = proof;
  requireSigner(signer, { identity, issuer, repository, ref }, aboutOf(file, signature));
}

function requireMinisign(file: string, { proof }: SignatureEvidence, { key }: MinisignDemand): void {
  const refuse = (seen: string, expected: string) =>
    noGround('its minisign key', 'minisign public key', { seen, expected });
  const expected = keyIdText(parseMinisignKey(Buffer.from(key), refuse).keyId);
  if (proof.signer === expected) return;
  throw otherSigner('key', aboutOf(file, proof.signature), { seen: `the key ${proof.signer}`, expected });
}

const aboutOf = (file: string, signature: string) => ({ artifact: { kind: 'file', path: file } as const, signature });

function noDigest(file: string, seen: string): RefitError {
  return new RefitError('E_DIGEST_MISSING', `Cannot verify ${file}: saw ${seen}`, {
    hint: 'ask the publisher for checksums that name it, signed as the profile demands',
    facts: { file },
  });
}
