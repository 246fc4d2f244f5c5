import { expect, test } from 'vitest';
import { workflowSigner } from '../../src/runbook/workflow-signer.ts';

test.each([
  ['release.yml', 'https://github.com/acme/app/.github/workflows/release.yml'],
  ['https://github.com/acme/shared/.github/workflows/r.yml', 'https://github.com/acme/shared/.github/workflows/r.yml'],
])('the workflow %s', (workflow, expected) => {
  expect(workflowSigner({ repository: 'acme/app', workflow, ref: 'refs/tags/v*' })).toEqual({
    kind: 'workflow',
    issuer: 'https://token.actions.githubusercontent.com',
    repository: 'https://github.com/acme/app',
    ref: 'refs/tags/v*',
    workflow: expected,
  });
});

test('somebody else may vouch for it', () => {
  const names = { repository: 'acme/app', workflow: 'r.yml', ref: 'refs/tags/v1', issuer: 'https://i.example' };
  expect(workflowSigner(names).issuer).toBe('https://i.example');
});
