import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RefitError } from '../../../src/errors.ts';
import { parseStrictJson } from '../../../src/release/trust/strict-json.ts';

const refuse = (seen: string, expected: string): RefitError =>
  new RefitError('E_SIGNATURE_UNREADABLE', `saw ${seen}, expected ${expected}`);
const parse = (text: string, numbers: 'integers' | 'any' = 'integers') =>
  parseStrictJson(Buffer.from(text), { numbers, refuse });

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      fc.pre(!text.includes('__proto__'));
      expect(parse(text, 'any')).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

test('refuses what JSON.parse refuses, with a code', () => {
  const garbage = fc.oneof(
    fc.string(),
    fc.json().map((text) => text.slice(1)),
    fc.stringMatching(/^[[\]{}",:0-9etrufalsn.\\-]*$/),
  );
  fc.assert(
    fc.property(garbage, (text) => {
      try {
        parse(text, 'any');
      } catch (error) {
        expect(error).toBeInstanceOf(RefitError);
        return;
      }
      expect(() => JSON.parse(text)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});

describe('refuses', () => {
  test.each([
    ['a key twice', '{"a":1,"b":{},"a":2}', '"a" twice at 1:18'],
    ['a key twice by an escape', '{"a":1,"\\u0061":2}', '"a" twice'],
    ['__proto__', '{"__proto__":{}}', '"__proto__"'],
    ['a fraction', '{"a":1.0}', '"1.0" at 1:6'],
    ['a power', '[1e3]', '"1e3"'],
    ['a number too large', '[9007199254740992]', '"9007199254740992"'],
    ['a leading zero', '[01]', '"1]" at 1:3'],
    ['a plus', '[+1]', '"+1]"'],
    ['NaN', '[NaN]', '"NaN]"'],
    ['a comma too many', '[1,]', 'another value'],
    ['a comma too many in an object', '{"a":1,}', 'another value'],
    ['no comma', '[1 2]', '","'],
    ['a key without quotes', '{a:1}', 'a key in quotes'],
    ['single quotes', "['a']", 'a JSON value'],
    ['a comment', '[1]//', 'the end of the JSON'],
    ['a second value', '1 2', 'the end of the JSON'],
    ['nothing', '', 'an early end'],
    ['a string that does not end', '["a', 'closed on its line'],
    ['a string that ends in an escape', '["a\\', 'closed on its line'],
    ['a line end in a string', '["a\nb"]', 'closed on its line'],
    ['an escape that is none', '["\\x41"]', 'whole characters'],
    ['half a character', '["\\ud83d"]', 'whole characters'],
    ['a byte order mark', '\ufeff{}', 'a JSON value'],
    ['a place on the third line', '{\n\n  "a": x}', 'at 3:8'],
  ])('%s', (_, text, words) => {
    expect(() => parse(text)).toThrow(words);
  });

  test('bytes that are not UTF-8', () => {
    const data = Buffer.from([0x22, 0xc3, 0x28, 0x22]);
    expect(() => parseStrictJson(data, { numbers: 'any', refuse })).toThrow('not UTF-8');
  });

  test('ten thousand levels', () => {
    for (const open of ['[', '{"a":']) expect(() => parse(open.repeat(10_000))).toThrow('deeper than 64');
  });
});

test('a string of a megabyte costs no stack', () => {
  expect(parse(JSON.stringify({ a: 'x\\"'.repeat(300_000) }))).toEqual({ a: 'x\\"'.repeat(300_000) });
});
