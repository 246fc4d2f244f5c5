import { expect, test } from 'vitest';
import { BoundedBytes } from '../../src/host/bounded-bytes.ts';

test.each([
  ['first', 3, 'abc'],
  ['last', 3, 'fgh'],
  ['first', 99, 'abcdefgh'],
  ['last', 99, 'abcdefgh'],
  ['first', 0, ''],
  ['last', 0, ''],
] as const)('keeps the %s %i bytes', (end, limit, kept) => {
  const bytes = new BoundedBytes(limit, end);
  for (const part of ['ab', 'c', 'defg', 'h']) bytes.push(Buffer.from(part));
  expect(bytes.toString()).toBe(kept);
});
