import { expect, test } from 'vitest';
import { notesText } from '../../../src/cli/report/notes.ts';

const NOTES = [
  { tag: 'v0.2.10', text: 'nothing\nto do', actions: [] },
  {
    tag: 'v0.2.13',
    text: '- BREAKING: FOO',
    actions: [`BREAKING: FOO ${'is gone '.repeat(12).trim()}`, 'and \x1b[2J\u202ethat'],
  },
];

test('lifted out: only what asks for action, within 80 columns', () => {
  const text = notesText({ notes: NOTES }, false);
  expect(text).toBe(`
What release notes on the way ask for (--notes shows all):
  v0.2.13
    - BREAKING: FOO is gone is gone is gone is gone is gone is gone is gone is
      gone is gone is gone is gone is gone
    - and ?[2J?that
`);
});

test('in full: every version', () => {
  expect(notesText({ notes: NOTES }, true)).toBe(`
Release notes of v0.2.10:
  nothing
  to do

Release notes of v0.2.13:
  - BREAKING: FOO
`);
});

test.each([[undefined], [[]], [NOTES.slice(0, 1)]])('where nothing is asked, nothing is said', (notes) => {
  expect(notesText({ notes }, false)).toBe('');
});
