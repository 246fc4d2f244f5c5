import { expect, test } from 'vitest';
import { rehearsalJson, rehearsalText } from '../../../src/cli/report/rehearsal.ts';
import { RefitError } from '../../../src/errors.ts';
import type { Rehearsal } from '../../../src/runbook/rehearsal.ts';

const CACHE = {
  directory: '/var/lib/refit/dockmesh/releases/v0.2.13',
  files: [
    { name: 'a', bytes: 1024 },
    { name: 'b', bytes: 512 },
  ],
};

const PASSED: Rehearsal = {
  outcome: 'passed',
  before: 8,
  after: 9,
  added: ['034_more.sql'],
  ms: 1234,
  cache: CACHE,
};

const FAILED: Rehearsal = {
  outcome: 'failed',
  error: new RefitError('E_MIGRATION_FAILED', 'Cannot migrate a copy of the data to v0.2.13: saw \u001b[31mred', {
    hint: 'The service was not touched',
  }),
  cache: CACHE,
};

const KEPT = `          the download stays for the next upgrade: 1.5 KiB in
          /var/lib/refit/dockmesh/releases/v0.2.13
`;

test('what passed says how long it took, the rows before and after, and what stays', () => {
  expect(rehearsalText(PASSED)).toBe(`rehearsal passed in 1.2 s on a copy of the data; nothing was changed
          8 migrations before, 9 after: 034_more.sql
${KEPT}`);
  const { outcome: _, ...rest } = PASSED;
  expect(rehearsalJson(PASSED)).toEqual({ rehearsal: { passed: true, ...rest } });
});

test('what failed reads as a finding, without control characters; scripts find the error beside it', () => {
  expect(rehearsalText(FAILED)).toBe(`STOP      E_MIGRATION_FAILED: Cannot migrate a copy of the data to v0.2.13: saw
          ?[31mred
          The service was not touched
${KEPT}`);
  expect(rehearsalJson(FAILED)).toMatchObject({
    rehearsal: { passed: false, cache: CACHE },
    error: { code: 'E_MIGRATION_FAILED', hint: 'The service was not touched' },
  });
});

test('where there was nothing to rehearse that is said', () => {
  const nothing: Rehearsal = { outcome: 'nothing', why: 'dockmesh agent has no migration' };
  expect(rehearsalText(nothing)).toBe('Nothing to rehearse: dockmesh agent has no migration\n');
  expect(rehearsalJson(nothing)).toEqual({
    rehearsal: { passed: null, reason: 'dockmesh agent has no migration' },
  });
});
