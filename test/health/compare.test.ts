import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation, Row, SeenState, Verdict } from '../../src/health/baseline.ts';
import { compare } from '../../src/health/compare.ts';
import { listRow, nestedRow, observation, valueRow } from './rows.ts';

const CLASSES = ['worse', 'already', 'external', 'notSeen'] as const;

/** "worse a" for each trouble. */
function told(verdict: Verdict): readonly string[] {
  return CLASSES.flatMap((name) => verdict[name].map(({ key }) => `${name} ${key}`.trim()));
}

const NO_NEW = listRow({ expect: 'no-new' });

test.each<[string, Row, Observation, Observation, readonly string[]]>([
  ['well and well', listRow(), observation({ a: 'ok' }), observation({ a: 'ok' }), []],
  ['well, then not', listRow(), observation({ a: 'ok' }), observation({ a: 'bad' }), ['worse a']],
  ['well, then gone', listRow(), observation({ a: 'ok' }), observation({}), ['worse a']],
  ['well, then behind the cut', listRow(), observation({ a: 'ok' }), observation({}, { cut: true }), ['notSeen a']],
  ['ill and ill', listRow(), observation({ a: 'bad' }), observation({ a: 'bad' }), ['already a']],
  ['ill, then gone', listRow(), observation({ a: 'bad' }), observation({}), []],
  ['ill, then well', listRow(), observation({ a: 'bad' }), observation({ a: 'ok' }), []],
  ['new and ill', listRow(), observation({}), observation({ a: 'bad' }), []],
  ['no-new: new and ill', NO_NEW, observation({}), observation({ a: 'bad' }), ['worse a']],
  ['no-new: ill, perhaps before too', NO_NEW, observation({}, { cut: true }), observation({ a: 'bad' }), ['notSeen a']],
  ['no-new: well, then gone', NO_NEW, observation({ a: 'ok' }), observation({}), []],
  ['no-new: ill and ill', NO_NEW, observation({ a: 'bad' }), observation({ a: 'bad' }), ['already a']],
  ['too many requests', listRow(), observation({ a: 'ok' }), observation({ '': 'busy' }), ['external']],
  [
    'too many requests before and now',
    listRow(),
    observation({ '': 'busy' }),
    observation({ '': 'busy' }),
    ['already'],
  ],
  [
    'too many requests before, broken now',
    listRow(),
    observation({ '': 'busy' }),
    observation({ '': 'failing' }),
    ['external'],
  ],
  ['broken now', listRow(), observation({ a: 'ok', b: 'ok' }), observation({ '': 'failing' }), ['worse']],
  ['an empty list before, broken now', listRow(), observation({}), observation({ '': 'failing' }), ['worse']],
  ['broken before and now', listRow(), observation({ '': 'failing' }), observation({ '': 'failing' }), ['already']],
  ['broken before', listRow(), observation({ '': 'failing' }), observation({ a: 'bad' }), ['notSeen']],
  ['moved or forbidden', listRow(), observation({ a: 'ok' }), observation({ '': 'unreadable' }), ['notSeen']],
  ['outside', valueRow({ name: 'hosts', external: true }), observation({}), observation({ '': 'bad' }), ['external']],
])('%s', (_name, row, before, after, expected) => {
  expect(told(compare([row], before, after))).toEqual(expected);
});

test('what lies below something that cannot be seen is told with it, once', () => {
  const of = (states: Readonly<Record<string, SeenState>>) => observation(states, { name: 'containers' });
  const before = of({ web: 'ok', 'web/app': 'ok', 'web/db': 'ok', shop: 'ok', 'shop/app': 'ok' });
  const after = of({ web: 'failing', shop: 'ok' });
  expect(told(compare([nestedRow()], before, after))).toEqual(['worse web', 'worse shop/app']);
});

test('a row whose need is not met is held against nobody', () => {
  const rows = [valueRow({ external: true }), listRow({ needs: 'docker' })];
  const both = (docker: SeenState, host: SeenState): Observation => ({
    rows: [...observation({ '': docker }, { name: 'docker' }).rows, ...observation({ a: host }).rows],
  });
  expect(told(compare(rows, both('ok', 'ok'), both('bad', 'bad')))).toEqual(['external', 'external a']);
  expect(told(compare(rows, both('ok', 'ok'), both('ok', 'bad')))).toEqual(['worse a']);
});

test('a row that was not looked at before, or not yet again, says nothing', () => {
  expect(told(compare([listRow()], { rows: [] }, observation({ a: 'bad' })))).toEqual([]);
  expect(told(compare([listRow()], observation({ a: 'ok' }), { rows: [] }))).toEqual([]);
});

const state = fc.constantFrom<SeenState>('ok', 'bad', 'busy', 'failing', 'unreadable');
const leaf = fc.constantFrom<SeenState>('ok', 'bad');
const seen = fc
  .tuple(fc.dictionary(fc.constantFrom('a', 'b', 'c'), leaf), state, fc.boolean())
  .map(([leaves, own, cut]) => observation(own === 'ok' ? leaves : { '': own }, { cut }));
const row = fc
  .tuple(fc.constantFrom<'no-worse' | 'no-new'>('no-worse', 'no-new'), fc.boolean())
  .map(([expect, external]) => listRow({ expect, external }));

const statesOf = ({ rows }: Observation): ReadonlyMap<string, SeenState> =>
  new Map(rows.flatMap((each) => each.seen.map(({ key, state: one }) => [key, one] as const)));

test('whatever was seen: nothing changed, nothing blamed', () => {
  fc.assert(fc.property(row, seen, (one, was) => compare([one], was, was).worse.length === 0));
});

test('whatever was seen: blamed is only what was well or not there, and is ill, broken or gone', () => {
  fc.assert(
    fc.property(row, seen, seen, (one, was, is) => {
      for (const { key } of compare([one], was, is).worse) {
        expect([undefined, 'ok']).toContain(statesOf(was).get(key));
        expect([undefined, 'bad', 'failing']).toContain(statesOf(is).get(key));
        expect(one.external).toBe(false);
      }
    }),
  );
});

test('whatever was seen: each thing is told once, and too many requests are blamed on nobody', () => {
  fc.assert(
    fc.property(row, seen, seen, (one, was, is) => {
      const verdict = compare([one], was, is);
      const keys = CLASSES.flatMap((name) => verdict[name].map(({ key }) => key));
      expect(new Set(keys).size).toBe(keys.length);
      if (statesOf(is).get('') === 'busy') expect(verdict.worse).toEqual([]);
    }),
  );
});

test('whatever was seen: what gets well is blamed no more, and blames nothing else', () => {
  fc.assert(
    fc.property(row, seen, seen, (one, was, is) => {
      const { worse } = compare([one], was, is);
      const [first] = worse;
      if (first === undefined || !statesOf(is).has(first.key)) return;
      // What was cut off stays so: else what was not seen would be gone.
      const cut = is.rows.some((each) => each.cut);
      const better = observation(Object.fromEntries([...statesOf(is), [first.key, 'ok' as const]]), { cut });
      const now = compare([one], was, better).worse.map(({ key }) => key);
      expect(now).not.toContain(first.key);
      // An endpoint that answers again shows what it had hidden.
      if (first.key !== '') expect(worse.map(({ key }) => key)).toEqual(expect.arrayContaining(now));
    }),
  );
});

test('the order in which things are listed says nothing', () => {
  fc.assert(
    fc.property(row, seen, seen, (one, was, is) => {
      const turned = { rows: is.rows.map((each) => ({ ...each, seen: each.seen.toReversed() })) };
      expect([...told(compare([one], was, turned))].sort()).toEqual([...told(compare([one], was, is))].sort());
    }),
  );
});
