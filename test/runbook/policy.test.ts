import { expect, test } from 'vitest';
import { policyNamed } from '../../src/runbook/policy.ts';

test('what is not said is what its vendor does', () => {
  expect(policyNamed({ name: 'semver-drop-in' })).toEqual({ name: 'semver-drop-in', allowMajor: false });
  expect(policyNamed({ name: 'window' })).toEqual({ name: 'window', floor: undefined, grace: 1 });
  expect(policyNamed({ name: 'one-minor-at-a-time', majorSource: 'newest' })).toEqual({
    name: 'one-minor-at-a-time',
    majorTarget: 'any-patch',
    majorSource: 'newest',
  });
});

test.each([
  [{ name: 'hope' }, 'saw "hope", expected semver-drop-in, one-minor-at-a-time, window, none'],
  [{ name: 'none', grace: '1' }, 'none has no --grace'],
  [{ name: 'window', allowMajor: true }, 'window has no --allow-major'],
  [{ name: 'window', grace: '-1' }, '--grace is "-1", expected a number of minors'],
  [{ name: 'one-minor-at-a-time', majorTarget: 'last' }, '--major-target is "last", expected any-patch or first-patch'],
])('%j is refused', (words, saw) => {
  expect(() => policyNamed(words)).toThrow(
    expect.objectContaining({ code: 'E_POLICY', message: `Cannot use this policy: ${saw}` }),
  );
});
