import { expect, test } from 'vitest';
import { mountBelow, refuseMounts } from '../../src/data/mounts.ts';
import { realHost } from './workbench.ts';

const MOUNTS = ['/', '/srv/data', '/srv/data/with space'];

test.each([
  ['inside', '/srv/data', [], '/srv/data/with space'],
  ['above', '/srv', [], '/srv/data'],
  ['left alone', '/srv', ['data'], undefined],
  ['a sibling with the same beginning', '/srv/dat', [], undefined],
])('a mount %s', (_, directory, exclude, expected) => {
  const place = { path: directory, kind: 'directory' as const, directory, exclude };
  expect(mountBelow(place, MOUNTS)).toBe(expected);
});

test('a single file beside a mount is fine', () => {
  const place = { path: '/srv/data/db', kind: 'file' as const, directory: '/srv/data', names: ['db'], exclude: [] };
  expect(mountBelow(place, MOUNTS)).toBeUndefined();
});

test('a mount of this machine inside the data is refused', async () => {
  const place = { path: '/', kind: 'directory' as const, directory: '', exclude: [] };
  await expect(refuseMounts(realHost().files, [place])).rejects.toMatchObject({ code: 'E_FILE' });
});
