import { describe, expect, test } from 'vitest';
import type { CertificateClaims } from '../../../src/release/trust/certificate-claims.ts';
import { requireSigner } from '../../../src/release/trust/policy.ts';
import type { SignerPolicy } from '../../../src/release/trust/trust.ts';
import { refusalOf } from '../workshop.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const REPOSITORY = 'https://github.com/acme/app';
const WORKFLOW = `${REPOSITORY}/.github/workflows/release.yml`;
const CLAIMS: CertificateClaims = {
  identity: `${WORKFLOW}@refs/tags/v1.0.0`,
  issuer: ISSUER,
  repository: REPOSITORY,
  ref: 'refs/tags/v1.0.0',
};
const BY_WORKFLOW: SignerPolicy = {
  kind: 'workflow',
  issuer: ISSUER,
  repository: REPOSITORY,
  ref: 'refs/tags/v*',
  workflow: WORKFLOW,
};
const BY_IDENTITY: SignerPolicy = { kind: 'identity', issuer: ISSUER, identity: `${WORKFLOW}@refs/tags/v1.0.0` };
const about = { artifact: { kind: 'file', path: '/a' }, signature: '/a.bundle' } as const;

describe('by workflow', () => {
  test.each([
    ['as it says', {}],
    ['another tag', { ref: 'refs/tags/v9', identity: `${WORKFLOW}@refs/tags/v9` }],
    ['a tag that only begins so', { ref: 'refs/tags/vevil' }],
  ])('%s', (_, other) => {
    expect(() => requireSigner(BY_WORKFLOW, { ...CLAIMS, ...other }, about)).not.toThrow();
  });

  test.each<[string, Partial<CertificateClaims>, string]>([
    ['a branch', { ref: 'refs/heads/v1' }, 'ref'],
    ['a tag of another kind', { ref: 'refs/tags/release' }, 'ref'],
    ['no ref', { ref: undefined }, 'ref'],
    ['a longer repository', { repository: `${REPOSITORY}-evil` }, 'repository'],
    ['a repository in a longer URL', { repository: `https://evil.example/${REPOSITORY}` }, 'repository'],
    ['a repository in other letters', { repository: REPOSITORY.toUpperCase() }, 'repository'],
    ['no repository', { repository: undefined }, 'repository'],
    ['a longer issuer', { issuer: `${ISSUER}.evil.example` }, 'issuer'],
    ['no issuer', { issuer: undefined }, 'issuer'],
    ['a longer workflow', { identity: `${WORKFLOW}.evil.yml@refs/tags/v1.0.0` }, 'workflow'],
    ['a workflow without its ref', { identity: WORKFLOW }, 'workflow'],
    ['a person', { identity: 'ada@acme.example' }, 'workflow'],
    ['nobody', { identity: undefined }, 'workflow'],
  ])('not %s', async (_, other, check) => {
    const refusal = await refusalOf(() => requireSigner(BY_WORKFLOW, { ...CLAIMS, ...other }, about));
    expect(refusal).toMatchObject({ code: 'E_SIGNER_MISMATCH', facts: { check, signature: '/a.bundle' } });
  });

  test.each([
    ['refs/tags/v1.0.0', 'refs/tags/v1.0.0', true],
    ['refs/tags/v1.0.0', 'refs/tags/v1.0.01', false],
    ['refs/*/v1', 'refs/tags/v1', false],
    ['refs/*/v1', 'refs/*/v1', true],
    ['*', 'refs/heads/anything', true],
    ['refs/tags/v.*', 'refs/tags/v1', false],
  ])('the ref %s and %s', (ref, seen, fits) => {
    const act = () => requireSigner({ ...BY_WORKFLOW, ref }, { ...CLAIMS, ref: seen }, about);
    if (fits) expect(act).not.toThrow();
    else expect(act).toThrow('check ref');
  });
});

describe('by identity', () => {
  test('exactly', () => expect(() => requireSigner(BY_IDENTITY, CLAIMS, about)).not.toThrow());

  test.each([
    ['shorter', REPOSITORY],
    ['an expression', '^https://github\\.com/acme/app/.*$'],
    ['everything', '.*'],
    ['a prefix of what signed', `${WORKFLOW}@refs/tags/v1.0`],
    ['longer', `${WORKFLOW}@refs/tags/v1.0.0 `],
  ])('nothing %s', (_, identity) => {
    expect(() => requireSigner({ ...BY_IDENTITY, identity }, CLAIMS, about)).toThrow('check identity');
  });

  test('of the same issuer', () => {
    expect(() => requireSigner({ ...BY_IDENTITY, issuer: 'https://accounts.google.com' }, CLAIMS, about)).toThrow(
      'check issuer',
    );
  });
});
