import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/product/parse-yaml.ts';
import { itemsAt, overlay, placeOf, scalarAt, scalarsOf, type Tree, toPlain } from '../../src/product/tree.ts';

function tree(file: string, text: string): Tree {
  const parsed = parseYaml({ file, text });
  if (parsed.tree === undefined) throw new Error(JSON.stringify(parsed.problems));
  return parsed.tree;
}

const base = tree('base', 'a:\n  b: 1\n  c: [1, 2]\nd: x\n');
const over = tree('over', 'a:\n  c: [3]\n  e: true\nd: null\n');
const merged = overlay(base, over);

test('maps are merged, lists replaced, null removes', () => {
  expect(JSON.parse(JSON.stringify(toPlain(merged)))).toEqual({ a: { b: 1, c: [3], e: true } });
});

test('each part knows the file that wrote it', () => {
  expect(placeOf(merged, ['a', 'b'], 'value')).toEqual({ file: 'base', line: 2, column: 6 });
  expect(placeOf(merged, ['a', 'b'], 'key')).toEqual({ file: 'base', line: 2, column: 3 });
  expect(placeOf(merged, ['a', 'c', '0'], 'value')).toEqual({ file: 'over', line: 2, column: 7 });
});

test('what is missing is where the map is that lacks it', () => {
  expect(placeOf(merged, ['a', 'nothing', 'deeper'], 'value')).toEqual({ file: 'over', line: 2, column: 3 });
  expect(placeOf(merged, ['a', 'c', '7'], 'value')).toEqual({ file: 'over', line: 2, column: 6 });
});

test('looking up never fails', () => {
  expect(scalarAt(merged, 'a', 'e')).toBe(true);
  expect(scalarAt(merged, 'a', 'e', 'f')).toBeUndefined();
  expect(itemsAt(merged, 'a', 'c')).toHaveLength(1);
  expect(itemsAt(merged, 'a')).toEqual([]);
  expect([...scalarsOf(merged)].map(({ path }) => path.join('.'))).toEqual(['a.b', 'a.c.0', 'a.e']);
});

test('laying a tree over itself changes nothing; JSON means what it says', () => {
  const anyJson = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,5}$/),
    fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__')),
  );
  fc.assert(
    fc.property(anyJson, (value) => {
      const { tree: one, problems } = parseYaml({ file: 'f', text: JSON.stringify(value) });
      fc.pre(one !== undefined && problems.length === 0 && !JSON.stringify(value).includes('null'));
      expect(JSON.stringify(toPlain(overlay(one, one)))).toBe(JSON.stringify(toPlain(one)));
      expect(JSON.parse(JSON.stringify(toPlain(one)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
