import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fetchSmall } from '../../src/release/fetch-small.ts';
import { startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const limit = { maxBytes: 100 };

describe('fetchSmall', () => {
  test('follows the redirect of a release file', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a', { status: 302, headers: { location: '/b' } });
    server.on('/b', { body: 'sums' });
    expect((await fetchSmall(shop.host, `${server.url}/a`, limit))?.toString()).toBe('sums');
  });

  test.each([404, 410])('%i means that there is none', async (status) => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a', { status });
    expect(await fetchSmall(shop.host, `${server.url}/a`, limit)).toBeUndefined();
  });

  test('any other status is an error, and the query is not in it', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a?key=hush', { status: 403 });
    const error = await refusalOf(() => fetchSmall(shop.host, `${server.url}/a?key=hush`, limit));
    expect(error.code).toBe('E_SOURCE_UNREACHABLE');
    expect(error.message).toBe(`Cannot fetch ${server.url}/a: saw status 403, expected 200`);
  });

  test('reads a file of this machine, bounded', async () => {
    await using shop = await openWorkshop();
    const path = await shop.put('small', 'sums');
    const large = await shop.put('large', 'x'.repeat(101));
    expect((await fetchSmall(shop.host, pathToFileURL(path).href, limit))?.toString()).toBe('sums');
    expect(await fetchSmall(shop.host, pathToFileURL(`${path}.gone`).href, limit)).toBeUndefined();
    const error = await refusalOf(() => fetchSmall(shop.host, pathToFileURL(large).href, limit));
    expect(error.code).toBe('E_TOO_LARGE');
  });
});
