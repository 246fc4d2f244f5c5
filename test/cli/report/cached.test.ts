import { expect, test } from 'vitest';
import { cachedJson, heldByText, originText } from '../../../src/cli/report/cached.ts';

const from = ['one', 'two'].map((installation) => ({ installation, product: 'p', version: 'v1', asset: 'p.tar.gz' }));

test('what two installations fetched is said once', () => {
  expect(originText({ from })).toBe('p v1: p.tar.gz');
  expect(originText({ from: [] })).toBe('-');
});

test('who holds it', () => {
  const heldBy = [
    { installation: 'one', as: 'live' },
    { installation: 'two', as: 'rollback' },
    { installation: 'three', as: 'open' },
  ] as const;
  expect(heldByText({ heldBy })).toBe('live of one, rollback of two, open run of three');
  expect(heldByText({ heldBy: [] })).toBe('-');
});

test('for scripts', () => {
  const cached = { sha256: 'a'.repeat(64), path: '/c/a', bytes: 5, usedAtMs: 0, from: [], heldBy: [] };
  expect(cachedJson(cached)).toEqual({
    sha256: cached.sha256,
    path: '/c/a',
    bytes: 5,
    lastUsed: '1970-01-01T00:00:00.000Z',
    from: [],
    heldBy: [],
  });
});
