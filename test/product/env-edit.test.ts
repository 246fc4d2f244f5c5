import { expect, test } from 'vitest';
import { addKeys } from '../../src/product/env-edit.ts';

const additions = new Map([
  ['B', '/var/lib/x'],
  ['C', 'two words'],
]);

test('keys are added at the end, and the change is shown without the lines around it', () => {
  const edit = addKeys('/etc/x.env', 'A=secret\n', additions);
  expect(edit.text).toBe('A=secret\nB=/var/lib/x\nC=two words\n');
  expect(edit.diff).toBe('--- /etc/x.env\n+++ /etc/x.env\n@@ -1,0 +2,2 @@\n+B=/var/lib/x\n+C=two words\n');
});

test.each([
  ['an empty file', '', 'B=1\n', '@@ -0,0 +1 @@'],
  ['no last line break', 'A=1', 'A=1\nB=1\n', '@@ -1,0 +2 @@'],
  ['CRLF', 'A=1\r\n', 'A=1\r\nB=1\r\n', '@@ -1,0 +2 @@'],
])('%s', (_what, text, expected, hunk) => {
  const edit = addKeys('f', text, new Map([['B', '1']]));
  expect(edit.text).toBe(expected);
  expect(edit.diff).toContain(hunk);
});

test.each([
  ['an open quote would swallow it', 'A="x\n', '1'],
  ['a backslash would continue into it', 'A=x\\', '1'],
  ['a key that is there already counts first for one reader', 'B=\n', '1'],
  ['a value that systemd would unescape', '', 'a\\b'],
  ['a value that both would unquote', '', '"x"'],
  ['a value of two lines', '', 'x\nY=1'],
  ['a value with white space around it', '', ' x'],
])('refused: %s', (_what, text, value) => {
  expect(() => addKeys('/etc/x.env', text, new Map([['B', value]]))).toThrow(
    expect.objectContaining({ code: 'E_CONFIG_INVALID', message: expect.stringContaining('"/etc/x.env"') }),
  );
});

test('a refusal does not tell values', () => {
  expect(() => addKeys('f', 'SECRET="hunter2\n', new Map([['B', '1']]))).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
});
