import { expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { isReplay, replayed } from '../../src/runbook/replay.ts';
import type { SequenceSeen } from '../../src/runbook/store/ledger.ts';

const highest: SequenceSeen = { type: 'sequence', sequence: 142, tag: '1.0.0', sha256: 'a', run: 'R', waived: false };

test.each([
  [141, 'a', true],
  [142, 'b', true],
  [142, 'a', false],
  [143, 'b', false],
])('sequence %i with digest %s after 142 with a: %s', (sequence, sha256, expected) => {
  expect(isReplay({ sequence, sha256 }, highest)).toBe(expected);
  expect(isReplay({ sequence, sha256 }, undefined)).toBe(false);
});

test('the refusal names the word that lets it pass', () => {
  const error = replayed({ version: '0.9.0', channel: 'stable', sequence: 141, sha256: 'a' }, highest);
  expect(exitOf(error)).toBe(6);
  expect(error.message).toContain('saw sequence 141, expected more than 142 of 1.0.0');
  expect(error.hint).toContain('--waive replayed-sequence');
});
