import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sealed } from '../../src/document/canonical.ts';
import { isPlan, parsePlan } from '../../src/document/read-plan.ts';
import { RefitError } from '../../src/errors.ts';
import { bytesOf, planDocument } from './made.ts';

const whole = planDocument();
const text = JSON.stringify(whole, null, 2);
const read = (data: string | Buffer) => parsePlan(Buffer.from(data), 'plan.json');

function refusal(data: string | Buffer): string {
  try {
    read(data);
  } catch (error) {
    if (error instanceof RefitError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

test('what was written is read', () => {
  expect(read(text)).toEqual(whole);
});

const { hops: _, ...without } = whole;
const bad: readonly (readonly [name: string, data: string | Buffer, says: string])[] = [
  ['nothing', '', 'E_PLAN_INVALID: Cannot go by the plan plan.json: saw an empty file, expected one JSON object'],
  ['half of it', text.slice(0, text.length / 2), 'E_PLAN_INVALID: .* no JSON, or not all of it'],
  ['other JSON', '[1]', 'E_PLAN_INVALID: .* other JSON'],
  ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'E_PLAN_INVALID: .* no JSON'],
  ['a deep nest', `{"format":1,"hops":${'['.repeat(200_000)}`, 'E_PLAN_INVALID: .* no JSON'],
  ['a whole deep nest', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'E_PLAN_INVALID: '],
  [
    'another version in it',
    text.replace('"to": "v0.2.13"', '"to": "v0.2.14"'),
    'E_PLAN_INVALID: .* the digest .* it was edited',
  ],
  ['a step less', bytesOf({ ...whole, hops: [] }), 'E_PLAN_INVALID: .* the digest .* it was edited'],
  ['a key more', bytesOf(sealed({ ...whole, more: 1 })), 'E_PLAN_INVALID: .* more, which is missing or unknown'],
  ['a key less', bytesOf(sealed(without)), 'E_PLAN_INVALID: .* hops, which is missing or unknown'],
  ['a rollback', bytesOf(sealed({ ...whole, purpose: 'rollback' })), 'E_PLAN_INVALID: .* "rollback" as purpose'],
  ['a number as a text', bytesOf(sealed({ ...whole, from: 9 })), 'E_PLAN_INVALID: .* 9 as from'],
  ['a newer format', bytesOf(sealed({ ...whole, format: 2 })), 'E_PLAN_NEWER: .* saw the format 2, expected 1'],
  ['a format of no kind', bytesOf(sealed({ ...whole, format: '1' })), 'E_PLAN_INVALID: .* "1" as format'],
];

test.each(bad)('%s is refused', (_name, data, says) => {
  expect(refusal(data)).toMatch(new RegExp(`^${says}`));
});

test('no edit of one byte is taken for the plan that was signed off', () => {
  const bytes = Buffer.from(JSON.stringify(whole));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const edited = Buffer.from(bytes);
      edited[at] = ((edited[at] ?? 0) + by) % 256;
      // A byte of a text may be written otherwise and mean the same only where both are blanks; there are none.
      expect(refusal(edited)).toMatch(/^E_PLAN_(INVALID|NEWER): /);
    }),
    { numRuns: 2_000 },
  );
});

describe('what may be written over', () => {
  test.each([
    ['a plan', text, true],
    ['an edited one', text.replace('v0.2.13', 'v0.2.14'), true],
    ['one of a newer refit', JSON.stringify({ ...whole, format: 7, more: 1 }), true],
    ['a package.json', '{"name":"x"}', false],
    ['a pin', '{"format":1,"product":"sample","assets":[]}', false],
    ['notes', 'upgrade on Monday', false],
    ['an empty file', '', false],
  ])('%s: %s', (_name, data, is) => {
    expect(isPlan(Buffer.from(data))).toBe(is);
  });
});
