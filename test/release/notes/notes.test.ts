import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neutral } from '../../../src/release/notes/neutral.ts';
import { NOTES_MAX_BYTES, readNotes } from '../../../src/release/notes/notes.ts';

test.each([
  ['\x1b[2J\x1b]0;title\x07gone', '?[2J?]0;title?gone'],
  ['a\rb\r\nc', 'a?b\nc'],
  ['\x9b31mred', '?31mred'],
  ['\u202eevil\u2066x\u200f', '?evil?x?'],
  ['tab\tand\nline', 'tab\tand\nline'],
  ['nul\0', 'nul?'],
  ['half \ud800', 'half \ufffd'],
])('%j is shown as %j', (written, shown) => {
  expect(neutral(written)).toBe(shown);
});

test('any text is fit for a terminal, and stays what it is the second time', () => {
  let runs = 0;
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (written) => {
      runs += 1;
      const shown = neutral(written);
      expect(shown).not.toMatch(/(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
      expect(shown.isWellFormed()).toBe(true);
      expect(neutral(shown)).toBe(shown);
    }),
    { numRuns: 2000 },
  );
  console.log(`neutral: ${runs} texts`);
});

test('what is too long is cut, and says so', () => {
  const { text } = readNotes('v1.0.0', `breaking\n${'x'.repeat(2 * NOTES_MAX_BYTES)}`);
  expect(text.length).toBe(NOTES_MAX_BYTES + '\n(cut here)'.length);
  expect(text.endsWith('\n(cut here)')).toBe(true);
});
