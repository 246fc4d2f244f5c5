import type { KeyObject } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { Certificate } from './certificates.ts';
import { signerInEntry } from './log-entry.ts';
import { type Case, doesNotHold } from './refusals.ts';

/** Who a bundle says has signed. */
export interface BundleSigner {
  readonly certificate: Certificate | undefined;
  readonly key: KeyObject;
}

export const LOGGED = 'an entry for this file, signature and certificate';

/** The verifier compares an entry's digest and signature; that the entry names this very signer is left to us. */
export function requireLoggedSigner(bundle: Bundle, { certificate, key }: BundleSigner, about: Case): void {
  for (const { canonicalizedBody } of bundle.verificationMaterial.tlogEntries) {
    const logged = signerInEntry(canonicalizedBody, (seen, expected, cause) =>
      doesNotHold('log-body', about, { seen, expected, cause }),
    );
    const same = certificate === undefined ? logged.key.equals(key) : logged.certificate?.equals(certificate.raw);
    if (same !== true) throw doesNotHold('log-body', about, { seen: 'another signer in the log', expected: LOGGED });
  }
}
