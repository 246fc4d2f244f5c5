import { expect, test } from 'vitest';
import { spaceNeeds, upgradeClaims } from '../../src/data/space.ts';
import { realHost, scratch } from './workbench.ts';

test('claims on one file system add up, also on paths that do not exist yet', async () => {
  const dir = await scratch();
  const { files } = realHost();
  const needs = await spaceNeeds(files, [
    { path: `${dir}/not/yet`, bytes: 10 },
    { path: dir, bytes: 5 },
  ]);
  const { device, freeBytes } = await files.space(dir);
  expect(needs).toMatchObject([{ device: String(device), path: `${dir}/not/yet`, needed: 15, readOnly: false }]);
  expect(needs[0]?.free).toBeGreaterThan(freeBytes / 2);
});

test('another file system is judged on its own', async () => {
  const needs = await spaceNeeds(realHost().files, [
    { path: '/proc/none', bytes: 1 },
    { path: await scratch(), bytes: 2 },
  ]);
  expect(needs.map(({ needed }) => needed)).toEqual([1, 2]);
});

test('an upgrade claims copies for both generations, staging beside data and binaries, and what the state takes', () => {
  const claims = upgradeClaims({
    generations: '/keep',
    copies: 2,
    data: { bytes: 100, byDevice: [{ path: '/data', bytes: 100 }] },
    binaries: [{ target: '/bin/app', oldBytes: 30, newBytes: 40 }],
    state: { path: '/state/app', bytes: 12 },
  });
  expect(claims).toEqual([
    { path: '/keep', bytes: 260 },
    { path: '/data', bytes: 100 },
    { path: '/bin/app', bytes: 70 },
    { path: '/state/app', bytes: 12 },
  ]);
});
