import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeName, splitQuoted, unescapeName } from '../../src/data/names.ts';

test.each([
  ['plain name-1.db', 'plain name-1.db'],
  ['a"b\\c', 'a\\"b\\\\c'],
  ['line\nbreak\ttab', 'line\\nbreak\\ttab'],
  ['ü', '\\303\\274'],
  ['\u0001', '\\001'],
])('%j is escaped as stat does it', (name, escaped) => {
  expect(escapeName(name)).toBe(escaped);
});

test('unescaping gives every string back', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => unescapeName(escapeName(name)) === name));
});

test('a name that is not UTF-8 is no string', () => {
  expect(unescapeName('a\\377b')).toBeUndefined();
});

test.each([
  ['"a"', { name: 'a', target: undefined }],
  ['"a" -> "b c"', { name: 'a', target: 'b c' }],
  ['"a\\" -> \\"b" -> "c"', { name: 'a\\" -> \\"b', target: 'c' }],
])('%s is split', (quoted, expected) => {
  expect(splitQuoted(quoted)).toEqual(expected);
});

test('anything else is no name', () => {
  expect(splitQuoted('a')).toBeUndefined();
});
