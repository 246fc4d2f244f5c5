import { describe, expect, test } from 'vitest';
import { canonicalName, nameProblem } from '../../../src/release/archive/member-name.ts';

test.each([
  ['dockmesh', 'dockmesh'],
  ['./dockmesh', 'dockmesh'],
  ['././a//b/', 'a/b'],
  ['a/./b', 'a/b'],
])('%s is written %s', (name, expected) => {
  expect(canonicalName(name)).toBe(expected);
});

describe('nameProblem', () => {
  test.each(['dockmesh', './dockmesh', 'a/b', '..a', 'a..', '...', 'größe', './'])('%j is honest', (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each(['', '..', '../a', 'a/..', 'a/../b', '/a', '//a', 'a\nb', 'a\0b', '\x7f', 'a\\b', 'a\ufffd'])(
    '%j is not',
    (name) => {
      expect(nameProblem(name)).toMatch(/name/);
    },
  );
});
