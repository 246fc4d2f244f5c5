import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../../src/product/load.ts';
import type { Evidence } from '../../src/runbook/releases.ts';
import { demandTexts, signatureTexts, trustPolicyOf } from '../../src/runbook/trust-policy.ts';
import { ROOT } from './workbench.ts';

const KEY = 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3';
const minimal = fs.readFileSync(path.join(ROOT, 'fixtures/profiles/minimal.yaml'), 'utf8');

/** The minimal profile with that policy, in YAML's flow style. */
function policyOf(trust: string | undefined) {
  const over = trust === undefined ? undefined : { file: 'over.yaml', text: `release:\n  trust: ${trust}\n` };
  return trustPolicyOf(loadProfile({ file: 'minimal.yaml', text: minimal }, over));
}

test('a profile that says nothing asks for digests', () => {
  expect(policyOf(undefined)).toEqual({ checksums: true });
  expect(demandTexts(policyOf(undefined))).toEqual([]);
});

test('a workflow is named by whole URLs', () => {
  const policy = policyOf(
    '{ sigstore: { repository: acme/app, workflow: release.yml, ref: refs/tags/v*, over: checksums } }',
  );
  expect(policy).toEqual({
    checksums: true,
    sigstore: {
      over: 'checksums',
      trustedRoot: undefined,
      signer: {
        kind: 'workflow',
        issuer: 'https://token.actions.githubusercontent.com',
        repository: 'https://github.com/acme/app',
        ref: 'refs/tags/v*',
        workflow: 'https://github.com/acme/app/.github/workflows/release.yml',
      },
    },
  });
  expect(demandTexts(policy)).toEqual([
    'its SHA-256',
    'a Sigstore signature over checksums.txt by https://github.com/acme/app/.github/workflows/release.yml at refs/tags/v*',
  ]);
});

test('an identity and a key, both required', () => {
  const sigstore =
    '{ identity: ada@acme.example, issuer: "https://accounts.example", trusted_root: /etc/refit/root.json }';
  const policy = policyOf(`{ checksums: false, sigstore: ${sigstore}, minisign: { public_key: ${KEY} } }`);
  expect(policy).toEqual({
    checksums: false,
    sigstore: {
      over: 'asset',
      trustedRoot: '/etc/refit/root.json',
      signer: { kind: 'identity', identity: 'ada@acme.example', issuer: 'https://accounts.example' },
    },
    minisign: { over: 'asset', key: KEY },
  });
  expect(demandTexts(policy)).toHaveLength(2);
});

test('a policy out of a journal that names nobody is refused', () => {
  const release = { trust: { checksums: true, sigstore: { over: 'asset', repository: 'acme/app' } } };
  expect(() => trustPolicyOf({ release } as unknown as Parameters<typeof trustPolicyOf>[0])).toThrow(
    'neither a workflow',
  );
});

test('who signed, for people', () => {
  const evidence: Evidence = {
    method: 'sha256',
    sha256: '',
    size: 1,
    from: [],
    at: '',
    signatures: [
      {
        over: 'checksums',
        sha256: '',
        proof: {
          method: 'sigstore',
          format: 'bundle v0.3',
          signature: 's',
          signer: 'W@R',
          issuer: 'https://i.example',
          logIndex: '1',
          integratedTime: '2026-10-09T05:17:12.000Z',
        },
      },
      {
        over: 'asset',
        sha256: '',
        proof: { method: 'minisign', format: 'legacy', signature: 's', signer: 'ABC', trustedComment: '' },
      },
    ],
  };
  expect(signatureTexts(evidence)).toEqual([
    'checksums.txt is signed by W@R, says https://i.example, logged 2026-10-09T05:17:12.000Z (sigstore)',
    'signed by ABC (minisign)',
  ]);
});
