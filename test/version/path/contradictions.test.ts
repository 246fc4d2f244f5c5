import { expect, test } from 'vitest';
import type { Advisory } from '../../../src/version/path/advisory.ts';
import { requireConsistent } from '../../../src/version/path/contradictions.ts';

const why = 'because';
const good: readonly Advisory[] = [
  { code: 'a', from: '2.4.x', to: '2.5.x', require: '2.5.10', why },
  { code: 'b', from: '2.5.x', to: '2.6.x', when: 'manifest-lists', require: '2.6.4', why },
  { code: 'c', avoid: '2.6.0 - 2.6.3', why },
  { code: 'd', from: '2.x', to: '3.x', migration: true, why },
  { code: 'e', to: '2.7.x', run: { action: 'count-addresses', at: 'before' }, why },
];

test('what one can obey is taken', () => {
  expect(() => requireConsistent(good, new Set(['count-addresses']))).not.toThrow();
});

test.each<readonly [string, Advisory[], RegExp]>([
  ['a code twice', [{ code: 'a', migration: true, why }], /^Cannot use the advisory a: its code is used twice$/],
  [
    'a range that is none',
    [{ code: 'z', from: 'two', migration: true, why }],
    /advisory z: its from "two" is no range/,
  ],
  ['a version that is none', [{ code: 'z', require: '2.5', why }], /its require "2.5" is no version/],
  ['nothing said', [{ code: 'z', from: '2.x', why }], /neither require, avoid, migration nor run/],
  [
    'what it speaks of against what it requires',
    [{ code: 'z', to: '2.5.x', require: '2.6.0', why }],
    /speaks of 2\.5\.x/,
  ],
  ['an action that is none', [{ code: 'z', run: { action: 'pray', at: 'after' }, why }], /its action "pray"/],
  [
    'one requires what another has avoided',
    [
      { code: 'y', to: '2.8.x', require: '2.8.2', why },
      { code: 'z', avoid: '>=2.8.0 <2.9.0', why },
    ],
    /advisory y: it requires 2\.8\.2, and z says to avoid/,
  ],
])('%s', (_, more, message) => {
  expect(() => requireConsistent([...good, ...more], new Set(['count-addresses']))).toThrow(
    expect.objectContaining({ code: 'E_ADVISORY', message: expect.stringMatching(message) }),
  );
});

test('two that speak of other edges do not contradict each other', () => {
  const apart: Advisory[] = [
    { code: 'y', from: '1.x', to: '2.8.x', require: '2.8.2', why },
    { code: 'z', from: '3.x', avoid: '>=2.8.0 <2.9.0', why },
  ];
  expect(() => requireConsistent(apart)).not.toThrow();
});
