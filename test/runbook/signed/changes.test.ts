import { describe, expect, test } from 'vitest';
import type { PlanDocument } from '../../../src/document/plan.ts';
import { changesSince } from '../../../src/runbook/signed/changes.ts';
import { planDocument } from '../../document/made.ts';

const document = planDocument();
const [archive] = document.archives;
const [hop] = document.hops;
const OTHER = 'f'.repeat(64);

const warning = {
  code: 'agent-binaries',
  severity: 'warning',
  waived: false,
  inhibits: false,
  measured: 'no SAMPLE_BINARY_DIR',
  limit: 'one',
  remedy: 'add it',
  waiver: null,
} as const;

const cases: readonly (readonly [name: string, now: Partial<PlanDocument>, says: readonly string[]])[] = [
  ['nothing', {}, []],
  ['free space and how long things take', { dataBytes: 7, startTimeoutMs: 1, downloadBytes: null }, []],
  ['prose', { notes: [{ tag: 'v0.2.13', text: 'more', actions: [] }] }, []],
  [
    'the version',
    { facts: [{ what: 'the installed version', is: 'v0.2.10' }, ...document.facts.slice(1)] },
    ['the installed version, which was v0.2.9 and is v0.2.10'],
  ],
  [
    'a digest is named, not shown',
    { facts: [...document.facts.slice(0, 1), { what: 'the env file /etc/sample.env', is: OTHER }] },
    ['the env file /etc/sample.env'],
  ],
  [
    'a fact that is gone',
    { facts: document.facts.slice(0, 1) },
    [`the env file /etc/sample.env, which was ${'a'.repeat(64)} and is not there`],
  ],
  [
    'the bytes of a release',
    { archives: [{ ...archive, sha256: OTHER, size: 5 } as PlanDocument['archives'][number]] },
    ['the size of sample.tar.gz of v0.2.13, which was 4 and is 5', 'the digest of sample.tar.gz of v0.2.13'],
  ],
  [
    'a source that says nothing of them',
    { archives: [{ ...archive, sha256: null, size: null } as PlanDocument['archives'][number]] },
    [],
  ],
  ['an archive less', { archives: [] }, ['sample.tar.gz of v0.2.13, which was wanted and is not wanted']],
  ['an edit', { envDiff: '+A=1\n' }, ['the edits that the env file needs']],
  [
    'the way',
    {
      hops: [{ ...hop, to: 'v0.2.12' } as PlanDocument['hops'][number], { from: 'v0.2.12', to: 'v0.2.13', steps: [] }],
    },
    ['the way, which was v0.2.9 -> v0.2.13 and is v0.2.9 -> v0.2.12, v0.2.12 -> v0.2.13'],
  ],
  ['a step', { hops: [{ from: 'v0.2.9', to: 'v0.2.13', steps: [] }] }, ['step 1, which was Stop it and is none']],
  ['a new finding', { findings: [warning] }, ['a finding that was not there, agent-binaries (no SAMPLE_BINARY_DIR)']],
];

test.each(cases)('%s', (_name, now, says) => {
  expect(changesSince(document, { ...document, ...now })).toEqual(says);
});

describe('findings', () => {
  const before = planDocument({ findings: [warning] });

  test('one that is gone stands against nothing', () => {
    expect(changesSince(before, { ...before, findings: [] })).toEqual([]);
  });

  test('a note is none', () => {
    const note = { ...warning, code: 'discouraged', severity: 'info' } as const;
    expect(changesSince(before, { ...before, findings: [warning, note] })).toEqual([]);
  });

  test('one that measures something else is the same', () => {
    expect(changesSince(before, { ...before, findings: [{ ...warning, measured: 'other' }] })).toEqual([]);
  });

  test('one that got worse is another', () => {
    const worse = { ...warning, severity: 'inhibit', inhibits: true } as const;
    expect(changesSince(before, { ...before, findings: [worse] })).toHaveLength(1);
  });
});
