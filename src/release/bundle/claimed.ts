import { RefitError } from '../../errors.ts';
import { parseChecksums, parseSidecar } from '../checksums.ts';
import type { Claim } from '../release.ts';
import { CHECKSUMS, isSignature, sidecarsOf } from './sidecars.ts';

/** The small files of one release by name. */
export type SmallFiles = ReadonlyMap<string, Buffer>;

/** What is claimed about a file's digest by what lies beside it. */
export function claimsAbout(name: string, beside: SmallFiles): readonly Claim[] {
  const list = beside.get(CHECKSUMS);
  const listed = list === undefined ? undefined : parseChecksums(list, CHECKSUMS).get(name);
  const own = `${name}.sha256` as const;
  const sidecar = beside.get(own);
  return [
    ...(listed === undefined ? [] : [{ from: CHECKSUMS, sha256: listed } as const]),
    ...(sidecar === undefined ? [] : [{ from: own, sha256: parseSidecar(sidecar, name, own) }]),
  ];
}

/** Signatures of a file among what lies beside it. */
export function signaturesOf(name: string, beside: SmallFiles): readonly string[] {
  return sidecarsOf(name).filter((one) => isSignature(one) && beside.has(one));
}

/** Refuses a file that its own publisher's list contradicts, and one of which nothing is said: nobody could install it. */
export function requireClaimed(name: string, sha256: string, beside: SmallFiles): readonly Claim[] {
  const claims = claimsAbout(name, beside);
  const other = claims.find((claim) => claim.sha256 !== sha256);
  if (other !== undefined) throw contradicted(name, sha256, other);
  if (claims.length > 0 || signaturesOf(name, beside).length > 0) return claims;
  throw new RefitError(
    'E_DIGEST_MISSING',
    `Cannot trust ${name}: saw neither a digest nor a signature of it, expected one in ${CHECKSUMS} or beside it`,
    { hint: 'ask the publisher for its digest, and put it beside it as FILE.sha256', facts: { file: name } },
  );
}

/** A file is not what somebody says of it. */
export function contradicted(
  file: string,
  seen: string,
  { from, sha256 }: { readonly from: string; readonly sha256: string },
): RefitError {
  return new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot trust ${file}: saw SHA-256 ${seen}, expected ${sha256} by ${from}`,
    {
      hint: 'fetch it again; if it stays so, the file or the list was changed: ask the publisher',
      facts: { file, seen, expected: sha256 },
    },
  );
}
