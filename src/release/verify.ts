import { basename } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Digest, Files } from '../host/files.ts';
import { HEAD_BYTES, looksLikeHtml } from './looks-like.ts';
import type { Claim, Evidence, ReleaseHost, VerifiedArtifact } from './release.ts';

/**
 * Proves a file by what is claimed about its digest: at least one claim, and all of them true. Reads the file, changes
 * nothing. Errors: E_DIGEST_MISSING, E_DIGEST_MISMATCH.
 */
export async function verify(
  { files, clock }: Pick<ReleaseHost, 'files' | 'clock'>,
  path: string,
  claims: readonly Claim[],
): Promise<VerifiedArtifact> {
  const expected = agreedDigest(path, claims);
  const digest = await files.digest(path);
  await requireDigest(files, path, expected, digest, claims.map(({ from }) => from).join(', '));
  const from = claims.map((claim) => claim.from);
  return proven(path, { method: 'sha256', ...digest, from, at: clock.now().toISOString() });
}

/** Proves again, after a crash or in a later stage, what `evidence` of an earlier `verify` says of the same file. */
export async function verifyAgain(files: Files, path: string, evidence: Evidence): Promise<VerifiedArtifact> {
  await requireDigest(files, path, evidence.sha256, await files.digest(path), 'its earlier verification');
  return proven(path, evidence);
}

function proven(path: string, evidence: Evidence): VerifiedArtifact {
  return { path, evidence } as VerifiedArtifact;
}

function agreedDigest(path: string, claims: readonly Claim[]): string {
  const [first, ...others] = claims;
  if (first === undefined) {
    throw new RefitError(
      'E_DIGEST_MISSING',
      `Cannot verify ${basename(path)}: saw no digest of it, expected one in checksums.txt or ${basename(path)}.sha256`,
      { hint: 'get its SHA-256 from the publisher and pass it: --sha256 HEX', facts: { file: basename(path) } },
    );
  }
  const other = others.find(({ sha256 }) => sha256 !== first.sha256);
  if (other === undefined) return first.sha256;
  throw new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot verify ${basename(path)}: ${first.from} says ${first.sha256}, ${other.from} says ${other.sha256}`,
    {
      hint: 'one of them was changed: ask the publisher, and trust neither until then',
      facts: { file: basename(path), [first.from]: first.sha256, [other.from]: other.sha256 },
    },
  );
}

async function requireDigest(files: Files, path: string, expected: string, digest: Digest, by: string): Promise<void> {
  if (digest.sha256 === expected) return;
  const isHtml = looksLikeHtml(await files.readHead(path, HEAD_BYTES));
  throw new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot verify ${basename(path)}: saw SHA-256 ${digest.sha256}${isHtml ? ' (it looks like an HTML page)' : ''}, ` +
      `expected ${expected} by ${by}`,
    {
      hint: isHtml
        ? 'a proxy or a login page answered in place of the file: open its URL in a browser'
        : 'delete it and fetch again; if it stays so, the file or the list was changed: ask the publisher',
      facts: { file: basename(path), expected, seen: digest.sha256, size: digest.size },
    },
  );
}
