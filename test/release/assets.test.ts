import { expect, test } from 'vitest';
import { findAsset, requireAsset } from '../../src/release/assets.ts';
import { refusalOf } from './workshop.ts';

const listed = { name: 'a.tar.gz', url: 'https://cdn.example/x?id=1' };
const release = { tag: 'v1.0.0', prerelease: false, assets: [listed] };

test('a listed asset is where the list says', () => {
  expect(findAsset({ ...release, base: 'https://m.example/v1.0.0/' }, 'a.tar.gz')).toBe(listed);
});

test('a list that is complete has no other', async () => {
  expect(findAsset(release, 'checksums.txt')).toBeUndefined();
  const error = await refusalOf(() => requireAsset(release, 'b.tar.gz'));
  expect(error.code).toBe('E_RELEASE_UNKNOWN');
  expect(error.message).toBe('Cannot find b.tar.gz in the release v1.0.0: saw a.tar.gz');
});

test('without a list any name lies at the base, and stays below it', () => {
  const open = { assets: [], base: 'https://m.example/v1.0.0/' };
  expect(findAsset(open, 'checksums.txt')?.url).toBe('https://m.example/v1.0.0/checksums.txt');
  expect(findAsset(open, '../../x')?.url).toBe('https://m.example/v1.0.0/..%2F..%2Fx');
});
