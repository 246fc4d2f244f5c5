import { PolicyError, VerificationError } from '@sigstore/verify';
import type { RefitError } from '../../errors.ts';
import { type Case, type Check, doesNotHold, unreadable } from './refusals.ts';

const EXPECTED: Partial<Record<Check, string>> = {
  chain: 'a certificate by an authority of the trusted root',
  'integrated-time': 'a certificate that was valid when the log took the entry in',
  sct: 'a certificate that a certificate log of the trusted root knows',
  timestamp: 'a time stamped by a log or an authority of the trusted root',
  set: "the entry's promise signed by a log of the trusted root",
  inclusion: 'a proof that a log of the trusted root holds the entry',
  'log-body': 'an entry for this file, signature and certificate',
  signature: 'one by the key of its certificate over this file',
  key: 'the key that was named',
};

/** What the verifier says, as the check that it means. Its codes are coarse: of a certificate its words tell more. */
export function libraryRefusal(error: Error, about: Case, outsideWindow: boolean): RefitError {
  if (!(error instanceof VerificationError || error instanceof PolicyError)) {
    return unreadable(about.signature, {
      seen: `what cannot be read (${error.message})`,
      expected: 'a whole signature',
      cause: error,
    });
  }
  const inner: unknown = error.cause;
  const words = inner instanceof Error ? `${error.message}: ${inner.message}` : error.message;
  const check = checkOf(error.code, words, outsideWindow && inner === undefined);
  return doesNotHold(check, about, { seen: `"${words}"`, expected: EXPECTED[check] ?? 'that it holds', cause: error });
}

function checkOf(code: string, words: string, outsideWindow: boolean): Check {
  switch (code) {
    case 'CERTIFICATE_ERROR':
      if (words.includes('SCT')) return 'sct';
      return outsideWindow || words.includes('not valid or expired') ? 'integrated-time' : 'chain';
    case 'TIMESTAMP_ERROR':
      return 'timestamp';
    case 'TLOG_INCLUSION_PROMISE_ERROR':
      return 'set';
    case 'TLOG_BODY_ERROR':
      return 'log-body';
    case 'PUBLIC_KEY_ERROR':
      return 'key';
    case 'SIGNATURE_ERROR':
      return 'signature';
    default:
      return 'inclusion';
  }
}
