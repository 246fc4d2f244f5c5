import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ambiguousKeys, parsePlainEnvFile, parseSystemdEnvFile } from '../../src/product/env-file.ts';

type Row = readonly [what: string, text: string, plain: Record<string, string>, systemd: Record<string, string>];

const rows: readonly Row[] = [
  ['plain', 'A=1\nB=two words\n', { A: '1', B: 'two words' }, { A: '1', B: 'two words' }],
  ['no last line break', 'A=1', { A: '1' }, { A: '1' }],
  ['CRLF', 'A=1\r\nB=2\r\n', { A: '1', B: '2' }, { A: '1', B: '2' }],
  ['white space', '  A = 1  \n\n', { A: '1' }, { A: '1' }],
  ['comments', '# A=1\n  #B=2\nC=3 # not one\n', { C: '3 # not one' }, { C: '3 # not one' }],
  ['semicolon comments', ';A=1\nB=2\n', { B: '2' }, { B: '2' }],
  ['a comment that ends in a backslash', '# x\\\nA=1\n', { A: '1' }, { A: '1' }],
  ['empty', 'A=\nB=""\n', { A: '', B: '' }, { A: '', B: '' }],
  ['quotes', 'A="x y"\nB=\'x y\'\n', { A: 'x y', B: 'x y' }, { A: 'x y', B: 'x y' }],
  ['quotes in the middle', 'A=x"y"z\n', { A: 'x"y"z' }, { A: 'x"y"z' }],
  ['export', 'export A=1\n', {}, {}],
  ['given twice', 'A=1\nA=2\n', { A: '1' }, { A: '2' }],
  ['a backslash', 'A=a\\b\n', { A: 'a\\b' }, { A: 'ab' }],
  ['a continued line', 'A=a\\\nB=b\n', { A: 'a\\', B: 'b' }, { A: 'aB=b' }],
  ['quotes over lines', 'A="x\nB=y"\nC=z\n', { A: '"x', B: 'y"', C: 'z' }, { A: 'x\nB=y', C: 'z' }],
  ['escapes in quotes', 'A="\\"\\$\\n"\n', { A: '\\"\\$\\n' }, { A: '"$\\n' }],
  ['no escapes in single quotes', "A='\\n'\n", { A: '\\n' }, { A: '\\n' }],
  ['quoted parts', 'A="a" \'b\' c\n', { A: '"a" \'b\' c' }, { A: 'abc' }],
  ['an open quote', "A='x\n", { A: "'x" }, { A: 'x\n' }],
  ['no assignment', 'A\n=1\n1A=2\nB=3\n', { B: '3' }, { B: '3' }],
];

test.each(rows)('%s', (_what, text, plain, systemd) => {
  expect(Object.fromEntries(parsePlainEnvFile(text).values)).toEqual(plain);
  expect(Object.fromEntries(parseSystemdEnvFile(text).values)).toEqual(systemd);
});

test('lines that are no assignment are counted, comments are not', () => {
  const text = '# x\nA=1\nexport B=2\n\nC\n';
  expect(parsePlainEnvFile(text).ignored).toEqual([3, 5]);
  expect(parseSystemdEnvFile(text).ignored).toEqual([3, 5]);
});

test('keys the two readers disagree about', () => {
  expect(ambiguousKeys('A=1\nB=a\\b\nC=1\nC=2\n')).toEqual(['B', 'C']);
});

test('both readers end on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AB= \t\r\n\\"\'#;$x') }), (text) => {
      for (const parse of [parsePlainEnvFile, parseSystemdEnvFile]) {
        for (const key of parse(text).values.keys()) expect(key).toMatch(/^[A-Za-z_]\w*$/);
      }
    }),
  );
});
