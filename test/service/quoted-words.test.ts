import { expect, test } from 'vitest';
import { assignments, quotedWords, unitText, unitWord } from '../../src/service/quoted-words.ts';

// As `systemctl show -p Environment` of systemd 252 prints them.
const SHOWN = String.raw`A=1 "B=x y" "C=q\"uote" "D=\$HOME" "E=tab\tx" "F=\x41\101\\"`;

test('undoes what systemctl quotes', () => {
  expect(quotedWords(SHOWN)).toEqual(['A=1', 'B=x y', 'C=q"uote', 'D=$HOME', 'E=tab\tx', 'F=AA\\']);
  expect(quotedWords('')).toEqual([]);
});

test('keeps what is a key and a value', () => {
  expect(assignments('A=1 "B=x=y z" C= alone =none')).toEqual({ A: '1', B: 'x=y z', C: '' });
});

test('writes a path so that systemd reads the same path', () => {
  expect(unitWord('/a b/100%/"c"\\d')).toBe(String.raw`"/a b/100%%/\"c\"\\d"`);
  expect(unitText('/a b/100%')).toBe('/a b/100%%');
});
