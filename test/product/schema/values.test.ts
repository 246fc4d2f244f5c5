import * as v from 'valibot';
import { expect, test } from 'vitest';
import {
  duration,
  fileName,
  memberPath,
  mode,
  pattern,
  size,
  statement,
  strict,
} from '../../../src/product/schema/values.ts';

test.each([
  [duration, '300ms', 300],
  [duration, '90s', 90_000],
  [duration, '24h', 86_400_000],
  [size, '64KiB', 65_536],
  [size, '1GiB', 2 ** 30],
  [mode, '0755', 0o755],
  [mode, '600', 0o600],
] as const)('%#: %s is read', (schema, written, value) => {
  expect(v.parse(schema as v.GenericSchema, written)).toBe(value);
});

test.each([
  [duration, ['', '1', 's', '1.5s', '-1s', '1d', '25h', ' 1s']],
  [size, ['0KiB', '1MB', '65GiB', '1 GiB']],
  [mode, ['0888', '07777', 'rwx', '0o755']],
  [fileName, ['', '.', '..', 'a/b', 'a\0']],
  [memberPath, ['', '/a', '../a', 'a/../b', 'a//b', 'a/', './a', 'a\\b']],
  [statement, ['DELETE FROM a', 'SELECT 1; DELETE FROM a', 'selection', '']],
  [pattern('version'), ['(', 'x', '(?<version>x', `(?<version>${'x'.repeat(500)})`]],
] as const)('%#: these are refused', (schema, refused) => {
  expect(refused.filter((written) => v.is(schema, written))).toEqual([]);
});

test.each(['a', '.env', '..a', 'a.b'])('%s is a name', (name) => {
  expect(v.is(fileName, name)).toBe(true);
  expect(v.is(memberPath, `bin/${name}`)).toBe(true);
});

test('each unknown key is a problem, not only the first', () => {
  const result = v.safeParse(strict({ a: v.string() }), { a: 'x', b: 1, c: 2 });
  expect(result.issues?.map((issue) => issue.path?.at(-1)?.key)).toEqual(['b', 'c']);
});
