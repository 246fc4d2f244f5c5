import { expect, test } from 'vitest';
import { type ErrorCode, RefitError } from '../../src/errors.ts';
import { isPassable, noneLeft } from '../../src/release/passed-by.ts';

const error = (code: ErrorCode) => new RefitError(code, `Cannot: ${code}`);

test.each<[ErrorCode, boolean]>([
  ['E_SOURCE_UNREACHABLE', true],
  ['E_RELEASE_UNKNOWN', true],
  ['E_DIGEST_MISMATCH', false],
  ['E_NO_SPACE', false],
  ['E_USAGE', false],
])('%s: another source may do better: %j', (code, expected) => {
  expect(isPassable(error(code))).toBe(expected);
});

test('a bug is nobody to pass by', () => {
  expect(isPassable(new Error('internal'))).toBe(false);
});

test('the code that all share, else that none could be reached', () => {
  const of = (...codes: readonly ErrorCode[]) =>
    noneLeft(
      'find v1',
      codes.map((code, index) => ({ where: `m${index}`, error: error(code) })),
    );
  expect(of('E_DOWNLOAD_SHORT', 'E_DOWNLOAD_SHORT').code).toBe('E_DOWNLOAD_SHORT');
  expect(of('E_DOWNLOAD_SHORT', 'E_RELEASE_UNKNOWN').code).toBe('E_SOURCE_UNREACHABLE');
  expect(of('E_RELEASE_UNKNOWN').message).toBe('Cannot: E_RELEASE_UNKNOWN');
  expect(of('E_DOWNLOAD_SHORT', 'E_RELEASE_UNKNOWN').message).toBe(
    'Cannot find v1 from any of 2 sources: m0: Cannot: E_DOWNLOAD_SHORT; m1: Cannot: E_RELEASE_UNKNOWN',
  );
});
