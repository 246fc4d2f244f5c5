import { expect, test } from 'vitest';
import { mountBelow, mountPoints, refuseMounts } from '../../src/data/mounts.ts';
import { realHost } from './workbench.ts';

const MOUNTINFO = `22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 8:1 /x /srv/data rw - ext4 /dev/sda1 rw
24 22 8:1 /y /srv/data/with\\040space rw - ext4 /dev/sda1 rw
`;

test('mount points are read with their escapes undone', () => {
  expect(mountPoints(MOUNTINFO)).toEqual(['/', '/srv/data', '/srv/data/with space']);
});

test.each([
  ['inside', '/srv/data', [], '/srv/data/with space'],
  ['above', '/srv', [], '/srv/data'],
  ['left alone', '/srv', ['data'], undefined],
  ['a sibling with the same beginning', '/srv/dat', [], undefined],
])('a mount %s', (_, directory, exclude, expected) => {
  const place = { path: directory, kind: 'directory' as const, directory, exclude };
  expect(mountBelow(place, mountPoints(MOUNTINFO))).toBe(expected);
});

test('a single file beside a mount is fine', () => {
  const place = { path: '/srv/data/db', kind: 'file' as const, directory: '/srv/data', names: ['db'], exclude: [] };
  expect(mountBelow(place, mountPoints(MOUNTINFO))).toBeUndefined();
});

test('a mount of this machine inside the data is refused', async () => {
  const place = { path: '/', kind: 'directory' as const, directory: '', exclude: [] };
  await expect(refuseMounts(realHost().files, [place])).rejects.toMatchObject({ code: 'E_FILE' });
});
