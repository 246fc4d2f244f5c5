import { expect, test } from 'vitest';
import { remembered } from '../../src/health/remembered.ts';
import { listRow, observation } from './rows.ts';

test('a row that remembers one keeps its endpoint and the first element; another keeps all', () => {
  const seen = observation({ a: 'ok', b: 'ok' });
  const keys = (rows: Parameters<typeof remembered>[0]) => remembered(rows, seen).rows[0]?.seen.map(({ key }) => key);
  expect(keys([listRow({ remember: 1 })])).toEqual(['', 'a']);
  expect(keys([listRow()])).toEqual(['', 'a', 'b']);
});
