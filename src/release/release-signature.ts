import { RefitError } from '../errors.ts';
import { findAsset } from './assets.ts';
import { fetchSmall } from './fetch-small.ts';
import type { Asset, AssetList, ReleaseHost } from './release.ts';
import { methodOf, type SignatureFile, signatureMissing, signatureNames } from './trust/find-signature.ts';
import { SIGNATURE_MAX_BYTES } from './trust/read-small.ts';
import { unreadable } from './trust/refusals.ts';
import type { Proof } from './trust/trust.ts';

export interface SignatureSearch {
  /** The file that is signed. */
  readonly name: string;
  readonly method: Proof['method'];
  readonly stop?: AbortSignal | undefined;
}

/**
 * The signature of a file of a release, from beside it, under the usual names. E_SIGNATURE_MISSING where there is none,
 * E_SIGNATURE_UNREADABLE where the first that is there is none of its kind: another is not tried, or whoever can add a file
 * to a release chooses which one counts.
 */
export async function releaseSignature(
  host: ReleaseHost,
  list: AssetList,
  { name, method, stop }: SignatureSearch,
): Promise<SignatureFile> {
  const names = signatureNames(name, method);
  for (const path of names) {
    const asset = findAsset(list, path);
    const data = asset === undefined ? undefined : await fetchSignature(host, asset, stop);
    if (data === undefined) continue;
    const seen = methodOf(path, data);
    if (seen === method) return { path, data };
    throw unreadable(path, { seen: `a ${seen} signature`, expected: `a ${method} one` });
  }
  throw signatureMissing(
    name,
    method,
    names,
    'ask the publisher for it: the profile demands it, and nothing lets it pass',
  );
}

async function fetchSignature(
  host: ReleaseHost,
  { name, url, redirects }: Asset,
  stop: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  try {
    return await fetchSmall(host, url, { maxBytes: SIGNATURE_MAX_BYTES, redirects, stop });
  } catch (cause) {
    if (!(cause instanceof RefitError) || cause.code !== 'E_TOO_LARGE') throw cause;
    throw unreadable(name, { seen: 'a larger file', expected: `at most ${SIGNATURE_MAX_BYTES} bytes`, cause });
  }
}
