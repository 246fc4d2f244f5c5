import { expect, test } from 'vitest';
import { plain, wrap } from '../../../src/cli/report/plain.ts';

test.each([
  ['a line\nand\ta tab', 'a line\nand\ta tab'],
  ['\x1b]0;title\x07red', '?]0;title?red'],
  ['back\rover', 'back?over'],
  ['C1 \x9b31m', 'C1 ?31m'],
])('%j is shown as %j', (text, shown) => {
  expect(plain(text)).toBe(shown);
});

test('nothing is lost, nothing is too wide', () => {
  const text = 'one two three four five six seven eight nine ten';
  const lines = wrap('  head  ', text, 24).split('\n');
  expect(lines.map((line) => line.trim()).join(' ')).toBe(`head  ${text}`);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(24);
});

test('further lines stand behind the head, or where they are told', () => {
  expect(wrap('ab ', 'one two', 7)).toBe('ab one\n   two');
  expect(wrap('ab ', 'one two', 7, 1)).toBe('ab one\n two');
});

test('a word that is too long stands alone, whole', () => {
  expect(wrap('', 'a /a/very/long/path b', 8, 2)).toBe('a\n  /a/very/long/path\n  b');
});

test('colours take no room, in the first line or a later one', () => {
  expect(wrap('', '\x1b[32mok\x1b[39m one two', 6, 1)).toBe('\x1b[32mok\x1b[39m one\n two');
  expect(wrap('', 'one \x1b[32mtwo\x1b[39m ab', 6, 0)).toBe('one\n\x1b[32mtwo\x1b[39m ab');
});
