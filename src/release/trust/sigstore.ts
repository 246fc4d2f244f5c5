import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import { Verifier } from '@sigstore/verify';
import type { Files } from '../../host/files.ts';
import { claimsOf } from './certificate-claims.ts';
import { type Certificate, certificatesOf } from './certificates.ts';
import { entityOf, overBytes } from './entity.ts';
import { type Examined, examine } from './examine.ts';
import { fromLibrary } from './from-library.ts';
import { libraryRefusal } from './library-refusal.ts';
import { type BundleSigner, requireLoggedSigner } from './logged.ts';
import { parseSignature } from './parse-signature.ts';
import { requireSigner } from './policy.ts';
import { readSmall } from './read-small.ts';
import { type Case, doesNotHold, noGround, otherSigner, type Seen, unreadable } from './refusals.ts';
import { parseStatement } from './statement.ts';
import type { SignerPolicy, SigstoreProof } from './trust.ts';
import { trustMaterial } from './trusted-root.ts';

export interface SigstoreRequest {
  readonly policy: SignerPolicy;
  readonly trustedRoot: string | undefined;
  readonly refreshedRoot?: string | undefined;
}

/**
 * Proves a file by a Sigstore bundle, without network. In this order, each with a check of its own: the certificate's chain
 * and its validity when the log took it in, the certificate log, the log's entry and what it says, the signature over the raw
 * bytes, who signed. Errors: E_SIGNATURE_UNREADABLE, E_SIGNATURE_INVALID, E_SIGNER_MISMATCH, E_TRUST_UNREADABLE.
 */
export async function verifySigstore(
  files: Files,
  about: Case,
  data: Buffer,
  { policy, ...which }: SigstoreRequest,
): Promise<{ readonly examined: Examined; readonly proof: SigstoreProof }> {
  const { format, bundle } = parseSignature(data, about);
  const named = policy.kind === 'key' ? await readKey(files, policy.path) : undefined;
  const signer = bundleSigner(bundle, named, about);
  const material = await trustMaterial(files, which, () => ({ publicKey: signer.key, validFor: () => true }));
  const examined = await examine(files, about.artifact, overBytes(bundle, signer, about));
  requireClaimedDigest(bundle, examined, about);
  // A private instance may have no certificate log; then its root lists none, and none is asked for.
  const verifier = new Verifier(material, { ctlogThreshold: material.ctlogs.length > 0 ? 1 : 0 });
  const { identity = {} } = fromLibrary(
    () => verifier.verify(entityOf(bundle, signer, examined, about)),
    (cause) => {
      const refusal = libraryRefusal(cause, about, loggedOutsideValidity(bundle, signer.certificate));
      // Of an entry that was made to name another signer the promise fails too: what was changed is to be told.
      if (refusal.facts['check'] === 'set') requireLoggedSigner(bundle, signer, about);
      return refusal;
    },
  );
  const predicateType = requireSubject(bundle, examined, about);
  const claims = claimsOf(identity, (seen) =>
    unreadable(about.signature, { seen, expected: 'a certificate as Fulcio makes them' }),
  );
  requireSigner(policy, claims, about);
  const { identity: name = 'public key', ...rest } = claims;
  const { signature } = about;
  return {
    examined,
    proof: { method: 'sigstore', format, signature, signer: name, ...rest, ...loggedAs(bundle), predicateType },
  };
}

async function readKey(files: Files, path: string): Promise<KeyObject> {
  const refuse = (seen: Seen) => noGround(path, 'public key', seen);
  const pem = await readSmall(files, path, refuse);
  const expected = 'PEM that begins with -----BEGIN PUBLIC KEY-----';
  // Of a private key too the public one could be made; but then it should not lie here.
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) throw refuse({ seen: 'something else', expected });
  return fromLibrary(
    () => createPublicKey(pem),
    (cause) => refuse({ seen: `what cannot be read (${cause.message})`, expected, cause }),
  );
}

function bundleSigner(bundle: Bundle, named: KeyObject | undefined, about: Case): BundleSigner {
  const [certificate] = certificatesOf(bundle, (cause) =>
    unreadable(about.signature, { seen: `a damaged certificate (${cause.message})`, expected: 'a whole one', cause }),
  );
  if (named !== undefined && certificate === undefined) return { certificate, key: named };
  if (named === undefined && certificate !== undefined) return { certificate, key: certificate.key };
  throw otherSigner(
    'key',
    about,
    named === undefined
      ? { seen: 'a bare key', expected: 'somebody with a certificate' }
      : { seen: 'somebody with a certificate', expected: 'the key that was named' },
  );
}

/** A bundle says which digest it is for. The legacy form does not. */
function requireClaimedDigest({ content }: Bundle, { digest }: Examined, about: Case): void {
  if (content.$case !== 'messageSignature') return;
  const claimed = content.messageSignature.messageDigest.digest;
  if (claimed.length === 0 || digest?.equals(claimed) === true) return;
  const seen = digest === undefined ? 'no such digest' : digest.toString('hex');
  throw doesNotHold('digest', about, { seen, expected: claimed.toString('hex') });
}

/** An attestation is about files by digest, so this one must be among them. */
function requireSubject({ content }: Bundle, { sha256 }: Examined, about: Case): string | undefined {
  if (content.$case !== 'dsseEnvelope') return undefined;
  const statement = parseStatement(content.dsseEnvelope, (seen, expected) =>
    unreadable(about.signature, { seen, expected }),
  );
  if (statement.digests.includes(sha256)) return statement.predicateType;
  const others = statement.digests.slice(0, 3).join(', ');
  throw doesNotHold('digest', about, { seen: sha256, expected: `one of its subjects: ${others}` });
}

function loggedOutsideValidity(bundle: Bundle, certificate: Certificate | undefined): boolean {
  const at = Number(bundle.verificationMaterial.tlogEntries[0]?.integratedTime ?? 0) * 1000;
  return certificate !== undefined && !(+certificate.from <= at && at <= +certificate.until);
}

/** Only what the log's signature covers: a proof of inclusion alone says neither the time nor the index over all shards. */
function loggedAs(bundle: Bundle): Pick<SigstoreProof, 'logIndex' | 'integratedTime'> {
  const [entry] = bundle.verificationMaterial.tlogEntries;
  if (entry?.inclusionPromise === undefined) return { logIndex: entry?.inclusionProof?.logIndex ?? '' };
  return { logIndex: entry.logIndex, integratedTime: new Date(Number(entry.integratedTime) * 1000).toISOString() };
}
