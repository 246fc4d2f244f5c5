import type { CertificateClaims } from './certificate-claims.ts';
import { type Case, type Check, otherSigner } from './refusals.ts';
import type { SignerPolicy } from './trust.ts';

/** Whether a certificate's claims are those that were asked for; the first that is not is the refusal. */
export function requireSigner(policy: SignerPolicy, claims: CertificateClaims, about: Case): void {
  for (const { check, seen, expected, holds } of questions(policy, claims)) {
    if (seen !== undefined && holds(seen)) continue;
    const shown = seen === undefined ? 'nobody it names' : JSON.stringify(seen);
    throw otherSigner(check, about, { seen: shown, expected: JSON.stringify(expected) });
  }
}

interface Question {
  readonly check: Check;
  readonly seen: string | undefined;
  readonly expected: string;
  readonly holds: (seen: string) => boolean;
}

function questions(policy: SignerPolicy, claims: CertificateClaims): readonly Question[] {
  if (policy.kind === 'key') return [];
  const same = (check: Check, seen: string | undefined, expected: string): Question => ({
    check,
    seen,
    expected,
    holds: (one) => one === expected,
  });
  const issuer = same('issuer', claims.issuer, policy.issuer);
  if (policy.kind === 'identity') return [issuer, same('identity', claims.identity, policy.identity)];
  const { repository, ref, workflow } = policy;
  return [
    issuer,
    same('repository', claims.repository, repository),
    { check: 'ref', seen: claims.ref, expected: ref, holds: (seen) => refMatches(ref, seen) },
    // The "@" too: `release.yml` must not mean `release.yml.evil.yml@…`.
    {
      check: 'workflow',
      seen: claims.identity,
      expected: `${workflow}@…`,
      holds: (seen) => seen.startsWith(`${workflow}@`),
    },
  ];
}

function refMatches(pattern: string, ref: string): boolean {
  return pattern.endsWith('*') ? ref.startsWith(pattern.slice(0, -1)) : ref === pattern;
}
