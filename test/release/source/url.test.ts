import { describe, expect, test } from 'vitest';
import { findAsset } from '../../../src/release/assets.ts';
import { urlSource } from '../../../src/release/source/url.ts';
import { startLoopback } from '../../support/loopback.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';

const listing = JSON.stringify([
  { tag_name: 'v0.2.9', assets: [{ name: 'a.tar.gz' }, { name: 'b', browser_download_url: 'https://cdn.example/b' }] },
  { tag_name: 'v0.2.10' },
]);

describe('a mirror with a list', () => {
  test.each(['', '/'])('is read below its URL ending in %j', async (end) => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/dm/releases.json', { body: listing });
    const source = urlSource(shop.host, `${server.url}/dm${end}`);
    const [first, second] = await source.list();
    expect(first?.assets.map(({ url }) => url)).toEqual([`${server.url}/dm/v0.2.9/a.tar.gz`, 'https://cdn.example/b']);
    expect(second && findAsset(second, 'c')?.url).toBe(`${server.url}/dm/v0.2.10/c`);
    expect((await source.find('v0.2.10')).tag).toBe('v0.2.10');
    expect((await refusalOf(() => source.find('v0.2.11'))).code).toBe('E_RELEASE_UNKNOWN');
  });
});

describe('a mirror without a list', () => {
  test('takes an exact tag at its word, and no range', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    const source = urlSource(shop.host, server.url);
    expect(await source.find('v1.0.0+b1')).toMatchObject({ tag: 'v1.0.0+b1', base: `${server.url}/v1.0.0%2Bb1/` });
    expect((await refusalOf(() => source.list())).code).toBe('E_SOURCE_UNREACHABLE');
  });

  test('that fails is not one that has none', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/releases.json', { status: 500 });
    expect((await refusalOf(() => urlSource(shop.host, server.url).find('v1.0.0'))).code).toBe('E_SOURCE_UNREACHABLE');
  });
});
