import { RefitError } from '../errors.ts';
import { findAsset } from './assets.ts';
import { CHECKSUMS_MAX_BYTES, parseChecksums, parseDigest, parseSidecar } from './checksums.ts';
import { fetchSmall } from './fetch-small.ts';
import type { AssetList, Claim, ReleaseHost } from './release.ts';

export interface ClaimsRequest {
  /** The asset whose digest is wanted. */
  readonly name: string;
  /** What `--sha256` said. E_USAGE where it is no digest. */
  readonly pinned?: string | undefined;
  /** `checksums.txt`, where it was read already: null, that there is none. Undefined: it is fetched. */
  readonly listing?: Buffer | null | undefined;
  /** What a pin says of it. */
  readonly pin?: string | undefined;
  readonly stop?: AbortSignal | undefined;
}

/**
 * Everything that is said about one asset's digest: by `checksums.txt`, by `<asset>.sha256`, by `--sha256`, by a pin. It may be
 * nothing, and they may contradict each other: `verify` judges. Errors: E_CHECKSUMS_INVALID, E_SOURCE_UNREACHABLE.
 */
export async function collectClaims(
  host: ReleaseHost,
  list: AssetList,
  { name, pinned, pin, stop, listing: read }: ClaimsRequest,
): Promise<readonly Claim[]> {
  const claims: Claim[] = pinned === undefined ? [] : [{ from: '--sha256', sha256: pinnedDigest(pinned) }];
  if (pin !== undefined) claims.push({ from: 'refit.pin', sha256: pin });
  const listing = read === undefined ? await readListing(host, list, stop) : (read ?? undefined);
  const listed = listing === undefined ? undefined : parseChecksums(listing, 'checksums.txt').get(name);
  if (listed !== undefined) claims.push({ from: 'checksums.txt', sha256: listed });
  const origin = `${name}.sha256` as const;
  const sidecar = await readClaimFile(host, list, origin, stop);
  if (sidecar !== undefined) claims.push({ from: origin, sha256: parseSidecar(sidecar, name, origin) });
  return claims;
}

/** The release's `checksums.txt`; undefined where there is none. */
export async function readListing(
  host: ReleaseHost,
  list: AssetList,
  stop: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  return await readClaimFile(host, list, 'checksums.txt', stop);
}

function pinnedDigest(written: string): string {
  const sha256 = parseDigest(written.trim());
  if (sha256 !== undefined) return sha256;
  throw new RefitError('E_USAGE', `Cannot read --sha256: saw "${written}", expected 64 hexadecimal digits`, {
    hint: 'sha256sum FILE prints it',
  });
}

async function readClaimFile(
  host: ReleaseHost,
  list: AssetList,
  name: string,
  stop: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  const asset = findAsset(list, name);
  if (asset === undefined) return undefined;
  try {
    return await fetchSmall(host, asset.url, { maxBytes: CHECKSUMS_MAX_BYTES, redirects: asset.redirects, stop });
  } catch (error) {
    if (!(error instanceof RefitError) || error.code !== 'E_TOO_LARGE') throw error;
    throw new RefitError(
      'E_CHECKSUMS_INVALID',
      `Cannot trust ${name}: saw more than ${CHECKSUMS_MAX_BYTES} bytes, expected a short list of digests`,
      { hint: 'get the digest from the publisher by another way and pass it: --sha256 HEX', cause: error },
    );
  }
}
