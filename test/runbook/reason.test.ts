import { expect, test } from 'vitest';
import { reasonOf } from '../../src/runbook/reason.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['  ', undefined],
  [' the disk grows tonight, OPS-123 ', 'the disk grows tonight, OPS-123'],
  ['weil die Platte wächst', 'weil die Platte wächst'],
  ['x'.repeat(500), 'x'.repeat(500)],
])('%j is taken as %j', (written, reason) => {
  expect(reasonOf(written)).toBe(reason);
});

test.each([
  ['a\nb', 'a control character'],
  ['a\x1b[2Jb', 'a control character'],
  ['a\u0085b', 'a control character'],
  ['a\u2028b', 'a control character'],
  ['a\u202eb', 'a control character'],
  ['x'.repeat(501), '501 characters'],
])('%j is refused, and not repeated', (written, saw) => {
  expect(() => reasonOf(written)).toThrow(`Cannot take that --because: saw ${saw}, expected one line of at most 500`);
});
