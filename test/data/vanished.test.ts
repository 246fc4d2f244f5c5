import { expect, test } from 'vitest';
import { isOnlyVanished } from '../../src/data/vanished.ts';

const GONE = "cp: cannot stat '/d/a': No such file or directory";

test.each([
  [GONE],
  ["cp: skipping file '/d/a', as it was replaced while being copied"],
  [`${GONE}\nfind: '/d/b': Not a directory\n`],
  ["cp: will not create hard link './d/b' to directory './d/a'"],
])('%s', (said) => {
  expect(isOnlyVanished(said)).toBe(true);
});

test.each([
  ['cp: error writing ./d/a: No space left on device'],
  [`${GONE}\ncp: cannot open '/d/b': Permission denied`],
  [''],
])('but not: %s', (said) => {
  expect(isOnlyVanished(said)).toBe(false);
});
