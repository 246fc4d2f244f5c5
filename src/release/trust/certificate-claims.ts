import type { Signer } from '@sigstore/verify';
import type { RefitError } from '../../errors.ts';

/** What the authority wrote into the signer's certificate. Undefined: not said. */
export interface CertificateClaims {
  /** Subject alternative name. */
  readonly identity: string | undefined;
  readonly issuer: string | undefined;
  /** "https://github.com/owner/name". */
  readonly repository: string | undefined;
  readonly ref: string | undefined;
}

/** https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md */
const FULCIO = '1.3.6.1.4.1.57264.1';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

/**
 * Reads who signed. The current extensions (DER UTF8String) win over the deprecated ones (raw text) wherever both stand in
 * the certificate, as in bilbycast's rule after v0.114.0: the deprecated ones are for old certificates only.
 */
export function claimsOf(
  identity: NonNullable<Signer['identity']>,
  refuse: (seen: string) => RefitError,
): CertificateClaims {
  const extension = (wanted: string): Buffer | undefined => {
    const [first, ...others] = (identity.oids ?? []).filter(({ oid }) => oid?.id.join('.') === wanted);
    if (others.length > 0) throw refuse(`the extension ${wanted} twice`);
    return first?.value;
  };
  const current = (number: number): string | undefined => {
    const value = extension(`${FULCIO}.${number}`);
    return value === undefined
      ? undefined
      : utf8String(value, () => refuse(`no text in the extension ${FULCIO}.${number}`));
  };
  const deprecated = (number: number): string | undefined => extension(`${FULCIO}.${number}`)?.toString('utf8');
  const owned = deprecated(5);
  const name = identity.subjectAlternativeName;
  // The library drops the eighth bit of each byte in it: another name could read as this one.
  if (name !== undefined && extension(SUBJECT_ALTERNATIVE_NAME)?.includes(name) !== true)
    throw refuse('a name that is not ASCII');
  return {
    identity: name,
    issuer: current(8) ?? deprecated(1),
    repository: current(12) ?? (owned === undefined ? undefined : `https://github.com/${owned}`),
    ref: current(14) ?? deprecated(6),
  };
}

const UTF8_STRING = 0x0c;

/** DER: tag, length in the short form or in one or two more bytes, and exactly so many bytes. */
function utf8String(der: Buffer, refuse: () => RefitError): string {
  const [tag, first = 0] = der;
  const more = first < 0x80 ? 0 : first - 0x80;
  if (tag !== UTF8_STRING || more > 2 || der.length < 2 + more) throw refuse();
  const length = more === 0 ? first : der.readUIntBE(2, more);
  const text = der.subarray(2 + more);
  if (text.length !== length) throw refuse();
  return text.toString('utf8');
}
