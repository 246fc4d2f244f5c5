import { expect, test } from 'vitest';
import { addressBelow, elementsOf, keyOf, readElements, readValue } from '../../src/health/read-row.ts';
import { listRow, nestedRow, valueRow } from './rows.ts';

test.each<[string, unknown, string, string]>([
  ['as it should be', { docker: true }, 'ok', 'true'],
  ['another value', { docker: false }, 'bad', 'false'],
  ['not there', {}, 'bad', 'none'],
  ['an object', { docker: { up: 1 } }, 'bad', '{"up":1}'],
  ['control characters', { docker: '\u001b[2Jx' }, 'bad', '[2Jx'],
])('a value: %s', (_name, json, state, saw) => {
  expect(readValue(valueRow(), json)).toEqual({ key: '', state, saw });
});

test('a list at a path; null is how Go writes an empty one; anything else is none', () => {
  expect(elementsOf('a.b', { a: { b: [1] } })).toEqual([1]);
  expect(elementsOf(undefined, null)).toEqual([]);
  expect(elementsOf(undefined, { length: 1 })).toBeUndefined();
  expect(elementsOf('a', [])).toBeUndefined();
});

test('elements by name, the worst of several with one name, the nameless left out', () => {
  const list = [
    { name: 'a', status: 'online', version: 'v1' },
    { name: 'b', status: 'online' },
    { name: 'b', status: 'offline' },
    { name: 'b', status: 'online' },
    { status: 'offline' },
    null,
  ];
  expect(readElements(listRow({ detail: 'version' }), list)).toEqual([
    { key: 'a', state: 'ok', saw: 'online (v1)' },
    { key: 'b', state: 'bad', saw: 'offline' },
  ]);
});

test('without a status, being there is well; an absent field can be what is asked for', () => {
  const { status: _, ...bare } = listRow({ ok: [] });
  expect(readElements(bare, [{ name: 'h1' }])).toEqual([{ key: 'h1', state: 'ok', saw: 'there' }]);
  const quiet = listRow({ status: 'firing_since', ok: ['none'] });
  expect(readElements(quiet, [{ name: 'cpu' }, { name: 'disk', firing_since: 'now' }])).toEqual([
    { key: 'cpu', state: 'ok', saw: 'none' },
    { key: 'disk', state: 'bad', saw: 'now' },
  ]);
});

test('parts lie below their parent, whatever their names', () => {
  expect(keyOf('a/b')).toBe('a_b');
  expect(readElements(nestedRow(), [{ service: 'x/y', state: 'running' }], 'web')).toEqual([
    { key: 'web/x_y', state: 'ok', saw: 'running' },
  ]);
});

test('an address below names fields of the element, encoded; without one there is nothing to ask', () => {
  const { below } = nestedRow();
  expect(addressBelow('http://h/s', below, { name: 'a b/?', on: { host: 'h&1' } })).toBe(
    'http://h/s/a%20b%2F%3F/status?host=h%261',
  );
  expect(addressBelow('http://h/s', below, { name: 'a', on: {} })).toBeUndefined();
});
