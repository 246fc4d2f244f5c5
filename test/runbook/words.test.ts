import { expect, test } from 'vitest';
import { bytes, duration, parseAge, parseBytes, parseDuration, roughly } from '../../src/runbook/words.ts';

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [150 * 1024, '150 KiB'],
  [3.25 * 1024 ** 3, '3.3 GiB'],
  [5000 * 1024 ** 4, '5000 TiB'],
])('%d bytes', (n, text) => {
  expect(bytes(n)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [84.6, '85 ms'],
  [999.4, '999 ms'],
  [999.9, '1.0 s'],
  [1_234, '1.2 s'],
  [59_990, '1 min 0 s'],
  [60_000, '1 min 0 s'],
  [119_800, '2 min 0 s'],
  [185_000, '3 min 5 s'],
])('%d ms', (n, text) => {
  expect(duration(n)).toBe(text);
});

test.each([
  ['90s', 90_000],
  ['24h', 86_400_000],
  ['25h', undefined],
  ['soon', undefined],
])('a duration as typed: %s', (written, ms) => {
  expect(parseDuration(written)).toBe(ms);
});

test.each([
  ['65536', 65_536],
  ['64k', 65_536],
  ['1.5K', undefined],
  ['50M', 50 * 1024 ** 2],
  ['1.5G', 1.5 * 1024 ** 3],
  ['50 M', undefined],
  ['50MB', undefined],
  ['0', undefined],
  ['-1M', undefined],
  ['', undefined],
])('a rate of %j', (written, rate) => {
  expect(parseBytes(written, 64 * 1024)).toBe(rate);
});

test.each([
  ['36h', 129_600_000],
  ['30d', 2_592_000_000],
  ['2w', 1_209_600_000],
  ['0d', 0],
  ['30', undefined],
  ['-1d', undefined],
  ['1.5d', undefined],
  ['1y', undefined],
  ['', undefined],
])('the age %j', (written, ms) => {
  expect(parseAge(written)).toBe(ms);
});

test.each([
  [0, 'less than a minute'],
  [60_000, 'less than a minute'],
  [61_000, 'about 2 min'],
  [59 * 60_000, 'about 59 min'],
  [174 * 60_000 + 1, 'about 2 h 55 min'],
])('%d ms are roughly %s', (ms, text) => {
  expect(roughly(ms)).toBe(text);
});
