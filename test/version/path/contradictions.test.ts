import { expect, test } from 'vitest';
import type { Advisory } from '../../../src/version/path/advisory.ts';
import { contradictions } from '../../../src/version/path/contradictions.ts';

const why = 'because';
const HOOKS = new Set(['count-addresses']);
const good: readonly Advisory[] = [
  { code: 'a', from: '2.4.x', to: '2.5.x', require: '2.5.10', why },
  { code: 'b', from: '2.5.x', to: '2.6.x', when: 'manifest-lists', require: '2.6.4', why },
  { code: 'c', avoid: '2.6.0 - 2.6.3', why },
  { code: 'd', from: '2.x', to: '3.x', migration: true, why },
  { code: 'e', to: '2.7.x', hook: 'count-addresses', why },
  { code: 'f', from: '<2.6.0', to: '>=2.7.0', avoid: '>=2.7.0', why },
  { code: 'g', to: '2.6.x', before: 'free some room', why },
];

test('what one can obey is taken', () => {
  expect(contradictions(good, HOOKS)).toEqual([]);
});

test.each<readonly [string, Advisory[], RegExp]>([
  ['nothing said', [{ code: 'z', from: '2.x', why }], /^7: nothing that z asks for$/],
  [
    'what it speaks of against what it requires',
    [{ code: 'z', to: '2.5.x', require: '2.6.0', why }],
    /^7: no version that is both 2\.5\.x and at least 2\.6\.0$/,
  ],
  ['a hook that is none', [{ code: 'z', hook: 'pray', why }], /^7: the hook "pray"$/],
  [
    'one requires what another has avoided',
    [
      { code: 'y', to: '2.8.x', require: '2.8.2', why },
      { code: 'z', avoid: '>=2.8.0 <2.9.0', why },
    ],
    /^7: y requires 2\.8\.2, and z avoids >=2\.8\.0 <2\.9\.0$/,
  ],
  [
    'each leads over what the other keeps away',
    [
      { code: 'y', from: '<2.9.0', to: '>=3.0.0', avoid: '>=3.0.0', why },
      { code: 'z', avoid: '>=2.9.0 <3.0.0', why },
    ],
    /^7: no way from .* to 3\.0\.0 past y and z together$/,
  ],
  [
    'three in a ring',
    [
      { code: 'x', from: '<4.0.0', to: '>=5.0.0', avoid: '*', why },
      { code: 'y', avoid: '>=4.0.0 <4.5.0', why },
      { code: 'z', avoid: '>=4.5.0 <5.0.0', why },
    ],
    /^7: no way from 0\.0\.0 to 5\.0\.0 past x and y and z together$/,
  ],
])('%s', (_, more, saw) => {
  const found = contradictions([...good, ...more], HOOKS).map((each) => `${each.index}: ${each.saw}`);
  expect(found).toEqual([expect.stringMatching(saw)]);
});

test.each<readonly [string, Advisory[]]>([
  [
    'two that speak of other edges',
    [
      { code: 'y', from: '1.x', to: '2.8.x', require: '2.8.2', why },
      { code: 'z', from: '3.x', avoid: '>=2.8.0 <2.9.0', why },
    ],
  ],
  [
    'one of which is only told',
    [
      { code: 'y', to: '2.8.x', require: '2.8.2', why },
      { code: 'z', avoid: '>=2.8.0 <2.9.0', severity: 'warning', why },
    ],
  ],
])('no contradiction: %s', (_, apart) => {
  expect(contradictions(apart, HOOKS)).toEqual([]);
});
