import { expect, test } from 'vitest';
import { RefitError } from '../../../src/errors.ts';
import type { Claim } from '../../../src/release/release.ts';
import { toldDigest } from '../../../src/runbook/cache/told-digest.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const claim = (sha256: string): Claim => ({ from: 'checksums.txt', sha256 });
const told = (claims: () => Promise<readonly Claim[]>) => toldDigest({ claims }, { assets: [] }, { name: 'a' });

test.each([
  ['all say one', [claim(A), claim(A)], A],
  ['nobody says any', [], undefined],
  ['they disagree', [claim(A), claim(B)], undefined],
])('%s', async (_, claims, expected) => {
  expect(await told(async () => claims)).toBe(expected);
});

test('who cannot be asked says nothing; a bug is a bug', async () => {
  expect(await told(() => Promise.reject(new RefitError('E_SOURCE_UNREACHABLE', 'Cannot')))).toBeUndefined();
  await expect(told(() => Promise.reject(new Error('internal')))).rejects.toThrow('internal');
});
