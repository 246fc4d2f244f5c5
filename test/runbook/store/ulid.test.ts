import { expect, test } from 'vitest';
import { isUlid, newUlid, ULID_LENGTH, ulidTime } from '../../../src/runbook/store/ulid.ts';

const clock = (ms: number, random = '00'.repeat(10)) => ({ now: () => new Date(ms), random: () => random });

test('a name is the time and then chance, as the specification says', () => {
  // The example of github.com/ulid/spec: 01ARYZ6S41 is 1469918176385.
  expect(newUlid(clock(1469918176385))).toBe(`01ARYZ6S41${'0'.repeat(16)}`);
  expect(newUlid(clock(0, 'ff'.repeat(10)))).toBe(`${'0'.repeat(10)}${'Z'.repeat(16)}`);
  expect(newUlid(clock(2 ** 48 - 1, 'ff'.repeat(10)))).toBe(`7${'Z'.repeat(25)}`);
});

test.each([0, 1, 1469918176385, 2 ** 48 - 1])('the time %d is read back', (ms) => {
  const name = newUlid(clock(ms));
  expect([name.length, isUlid(name), ulidTime(name)]).toEqual([ULID_LENGTH, true, ms]);
});

test('names sort by time', () => {
  const names = [1, 31, 32, 1000, 1469918176385, 1469918176386].map((ms) => newUlid(clock(ms, 'ff'.repeat(10))));
  expect([...names].sort()).toEqual(names);
});

test('a clock that was set back makes no name before the newest', () => {
  const newest = newUlid(clock(1469918176385, 'ff'.repeat(10)));
  const next = newUlid(clock(1000), newest);
  expect(next > newest).toBe(true);
  expect(newUlid(clock(1469918179999), newest)).toBe(newUlid(clock(1469918179999)));
});

test.each([
  ['lower case', '01arz3ndektsv4rrffq69g5fav'],
  ['too short', '01ARZ3NDEKTSV4RRFFQ69G5FA'],
  ['too long', '01ARZ3NDEKTSV4RRFFQ69G5FAVX'],
  ['a letter that is left out', '01ARZ3NDEKTSV4RRFFQ69G5FAU'.replace('A', 'I')],
  ['beyond 48 bits', '81ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ['a path', '../../../../../../etc/pass'],
])('%s is no name of a run', (_name, text) => {
  expect(isUlid(text)).toBe(false);
});
