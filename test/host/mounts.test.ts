import { expect, test } from 'vitest';
import { mountPoints } from '../../src/host/mounts.ts';

test('mount points are field 5, with escapes undone', () => {
  const lines = [
    '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue',
    '37 35 0:5 / /a\\040b\\134c rw - tmpfs tmpfs rw',
    '',
  ];
  expect(mountPoints(lines.join('\n'))).toEqual(['/mnt2', '/a b\\c']);
});
