import { expect, test } from 'vitest';
import { deviceName, lockingPid } from '../../src/host/kernel-locks.ts';

const FILE = { device: 65_024n, inode: 9978467n };
const line = (access: string, place: string, range = '1073741824 1073742335') =>
  `1: POSIX  ADVISORY  ${access} 24382 ${place} ${range}\n`;

test('devices are named as the kernel names them', () => {
  expect(deviceName(65_024n)).toBe('fe:00');
  expect(deviceName(26n)).toBe('00:1a');
  expect(deviceName(0x1234567n)).toBe('345:1267');
});

test('an exclusive lock of SQLite names its process', () => {
  expect(lockingPid(line('WRITE', 'fe:00:9978467'), FILE, undefined)).toBe(24_382);
});

test.each([
  ['a reader', line('READ', 'fe:00:9978467')],
  ['another file', line('WRITE', 'fe:00:99784670')],
  ['another device', line('WRITE', 'fe:01:9978467')],
  ['another range', line('WRITE', 'fe:00:9978467', '0 EOF')],
  ['one who waits', line('WRITE', 'fe:00:9978467').replace('1:', '1: ->')],
  ['nothing', ''],
])('%s does not', (_, locks) => {
  expect(lockingPid(locks, FILE, undefined)).toBeUndefined();
});

test('where devices are numbered in another way, the process that claims it is enough', () => {
  const locks = line('WRITE', '00:2b:9978467');
  expect(lockingPid(locks, FILE, 24_382)).toBe(24_382);
  expect(lockingPid(locks, FILE, 1)).toBeUndefined();
});
