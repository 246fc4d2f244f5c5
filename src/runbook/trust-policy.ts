import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import type { Evidence, SignatureEvidence, SignerPolicy, TrustPolicy } from './releases.ts';
import { workflowSigner } from './workflow-signer.ts';

type Sigstore = NonNullable<NonNullable<Profile['release']['trust']>['sigstore']>;

/** What must hold for a release of this product. A profile that says nothing asks for digests, as ever. */
export function trustPolicyOf({ release }: Pick<Profile, 'release'>): TrustPolicy {
  const { trust } = release;
  if (trust === undefined) return { checksums: true };
  const { checksums, sigstore, minisign } = trust;
  return {
    checksums,
    ...(sigstore === undefined
      ? {}
      : { sigstore: { over: sigstore.over, signer: signerOf(sigstore), trustedRoot: sigstore.trusted_root } }),
    ...(minisign === undefined ? {} : { minisign: { over: minisign.over, key: minisign.public_key } }),
  };
}

/** The profile's reader lets no other combination pass; a journal that was written by hand may hold one. */
function signerOf({ identity, issuer, repository, workflow, ref }: Sigstore): SignerPolicy {
  if (repository !== undefined && workflow !== undefined && ref !== undefined && identity === undefined) {
    return workflowSigner({ repository, workflow, ref, issuer });
  }
  if (identity !== undefined && issuer !== undefined && repository === undefined) {
    return { kind: 'identity', identity, issuer };
  }
  throw new RefitError(
    'E_PROFILE_INVALID',
    'Cannot tell who must have signed: saw neither a workflow nor an identity',
    {
      hint: 'give release.trust.sigstore a repository, workflow and ref, or an identity and issuer: refit docs profile',
    },
  );
}

/** What the policy asks for, for people; empty where it is digests alone. */
export function demandTexts({ checksums, sigstore, minisign }: TrustPolicy): readonly string[] {
  if (sigstore === undefined && minisign === undefined) return [];
  const over = { asset: 'the archive', checksums: 'checksums.txt', manifest: 'its manifest' };
  return [
    ...(checksums ? ['its SHA-256'] : []),
    ...(sigstore === undefined
      ? []
      : [`a Sigstore signature over ${over[sigstore.over]} by ${signerText(sigstore.signer)}`]),
    ...(minisign === undefined ? [] : [`a minisign signature over ${over[minisign.over]} by the key ${minisign.key}`]),
  ];
}

function signerText(signer: SignerPolicy): string {
  if (signer.kind === 'workflow') return `${signer.workflow} at ${signer.ref}`;
  return signer.kind === 'identity' ? `${signer.identity} (${signer.issuer})` : signer.path;
}

/** Who signed, in one line; undefined where nobody was asked to. */
export function signersOf({ signatures = [] }: Evidence): string | undefined {
  return signatures.length === 0 ? undefined : signatures.map(({ proof }) => proof.signer).join(', ');
}

/** Who signed, for people. */
export function signatureTexts({ signatures = [] }: Evidence): readonly string[] {
  return signatures.map(({ over, proof }) => {
    const what = { asset: '', checksums: 'checksums.txt is ', manifest: 'its manifest is ' }[over];
    return `${what}signed by ${proof.signer}${vouched(proof)} (${proof.method})`;
  });
}

function vouched(proof: SignatureEvidence['proof']): string {
  if (proof.method === 'minisign') return '';
  const issuer = proof.issuer === undefined ? '' : `, says ${proof.issuer}`;
  return `${issuer}${proof.integratedTime === undefined ? '' : `, logged ${proof.integratedTime}`}`;
}
