import { expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { requireDemanded } from '../../src/release/demand.ts';
import type { Evidence } from '../../src/release/release.ts';
import type { SigstoreProof } from '../../src/release/trust/trust.ts';
import { CHECKSUMS_ALONE, type SignatureEvidence, type TrustPolicy } from '../../src/release/trust-policy.ts';
import { minisignPair } from './trust/support/minisign.ts';
import { POLICY, WHO } from './trust/support/sigstore.ts';
import { refusalOf } from './workshop.ts';

const SHA = 'a'.repeat(64);
const proof: SigstoreProof = {
  method: 'sigstore',
  format: 'bundle v0.3',
  signature: 'app.tar.gz.sigstore.json',
  signer: `${WHO.workflow}@${WHO.ref}`,
  issuer: WHO.issuer,
  repository: WHO.repository,
  ref: WHO.ref,
  logIndex: '1',
};
const signed = (
  over: SignatureEvidence['over'],
  more: Partial<SigstoreProof> = {},
  sha256 = SHA,
): SignatureEvidence => {
  return { over, sha256, proof: { ...proof, ...more } };
};
const evidence = (more: Partial<Evidence> = {}): Evidence => {
  return { method: 'sha256', sha256: SHA, size: 1, from: ['checksums.txt'], at: '2026-10-09T00:00:00.000Z', ...more };
};
const bySigstore = (over: SignatureEvidence['over']): TrustPolicy => {
  return { checksums: true, sigstore: { over, signer: POLICY } };
};

test.each<[string, TrustPolicy, Evidence]>([
  ['digests', CHECKSUMS_ALONE, evidence()],
  ['a signature over the archive', bySigstore('asset'), evidence({ signatures: [signed('asset')] })],
  [
    'a signature over the list',
    bySigstore('checksums'),
    evidence({ signatures: [signed('checksums', {}, 'b'.repeat(64))] }),
  ],
  ['more than it asks', CHECKSUMS_ALONE, evidence({ signatures: [signed('asset')] })],
])('a policy is served by %s', (_title, policy, one) => {
  expect(() => requireDemanded('app.tar.gz', one, policy)).not.toThrow();
});

const { line } = minisignPair();
const byMinisign: TrustPolicy = { checksums: true, minisign: { over: 'asset', key: line } };
const minisigned: SignatureEvidence = {
  over: 'asset',
  sha256: SHA,
  proof: {
    method: 'minisign',
    format: 'prehashed',
    signature: 'x.minisig',
    signer: '0'.repeat(16),
    trustedComment: '',
  },
};

test.each<[string, TrustPolicy, Evidence, string]>([
  ['of an earlier run without signatures', bySigstore('asset'), evidence(), 'E_SIGNATURE_MISSING'],
  ['of another kind', byMinisign, evidence({ signatures: [signed('asset')] }), 'E_SIGNATURE_MISSING'],
  ['over something else', bySigstore('checksums'), evidence({ signatures: [signed('asset')] }), 'E_SIGNATURE_MISSING'],
  [
    'over other bytes',
    bySigstore('asset'),
    evidence({ signatures: [signed('asset', {}, 'b'.repeat(64))] }),
    'E_DIGEST_MISMATCH',
  ],
  [
    'over a list that does not name it',
    bySigstore('checksums'),
    evidence({ from: ['--sha256'], signatures: [signed('checksums')] }),
    'E_DIGEST_MISSING',
  ],
  [
    'by another repository',
    bySigstore('asset'),
    evidence({ signatures: [signed('asset', { repository: `${WHO.repository}-evil` })] }),
    'E_SIGNER_MISMATCH',
  ],
  [
    'by a branch',
    bySigstore('asset'),
    evidence({ signatures: [signed('asset', { ref: 'refs/heads/v1' })] }),
    'E_SIGNER_MISMATCH',
  ],
  [
    'by nobody that it names',
    bySigstore('asset'),
    evidence({ signatures: [signed('asset', { issuer: undefined })] }),
    'E_SIGNER_MISMATCH',
  ],
  ['by another key', byMinisign, evidence({ signatures: [minisigned] }), 'E_SIGNER_MISMATCH'],
  ['without a digest', CHECKSUMS_ALONE, evidence({ from: [] }), 'E_DIGEST_MISSING'],
  ['for a policy that asks for nothing', { checksums: false }, evidence(), 'E_DIGEST_MISSING'],
])('evidence %s does not serve it', async (_title, policy, one, code) => {
  const error = await refusalOf(() => requireDemanded('app.tar.gz', one, policy));
  expect({ code: error.code, exit: exitOf(error) }).toEqual({ code, exit: 6 });
  expect(error.message).toContain('app.tar.gz');
});
