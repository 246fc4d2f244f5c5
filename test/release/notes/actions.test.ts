import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionLines } from '../../../src/release/notes/actions.ts';

test.each<[string, readonly string[]]>([
  ['', []],
  ['* Faster\n* Prettier', []],
  ['* **BREAKING**: the key FOO is gone', ['**BREAKING**: the key FOO is gone']],
  ['1. You must run the migration by hand', ['You must run the migration by hand']],
  ['- Migrates the database at its first start', ['Migrates the database at its first start']],
  ['- /old is deprecated\n- /new is there', ['/old is deprecated']],
  ['Action required: renew the token', ['Action required: renew the token']],
  ['Before you upgrade, stop the agents', ['Before you upgrade, stop the agents']],
  ['- FOO no longer defaults to 1', ['FOO no longer defaults to 1']],
  ['- an immigrant manuals unbreaking', []],
  ['## Breaking changes\n\n- FOO is gone\n- so is BAR\n\n## Fixes\n- a bug', ['FOO is gone', 'so is BAR']],
  ['## Breaking changes\n### Server\n- FOO is gone\n# Fixes\n- a bug', ['FOO is gone']],
  ['## Migration\n```\nrun this\n```\n<!-- not this -->', ['run this']],
  ['- breaking\n- breaking', ['breaking']],
])('of %j: %j', (text, expected) => {
  expect(actionLines(text)).toEqual(expected);
});

test('a flood is cut', () => {
  const lines = Array.from({ length: 50 }, (_, i) => `- breaking ${i} ${'x'.repeat(400)}`);
  const found = actionLines(lines.join('\n'));
  expect(found).toHaveLength(20);
  expect(Math.max(...found.map(({ length }) => length))).toBe(301);
});

test('any text: no crash, never more than it may be', () => {
  let runs = 0;
  const pieces = fc.constantFrom('#', ' ', '\n', '-', 'breaking', 'a', '\t', '1.', '*', '<!--', '\ud800');
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.array(pieces, { maxLength: 300 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (written) => {
      runs += 1;
      const found = actionLines(written);
      expect(found.length).toBeLessThanOrEqual(20);
      expect(found.every((line) => line.length <= 301 && !line.includes('\n'))).toBe(true);
    }),
    { numRuns: 2000 },
  );
  console.log(`action lines: ${runs} texts`);
});
