import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { AssetList } from '../../src/release/release.ts';
import { releaseSignature } from '../../src/release/release-signature.ts';
import { minisignPair } from './trust/support/minisign.ts';
import { openWorkshop, refusalOf, type Workshop } from './workshop.ts';

const MINISIG = minisignPair().sign(Buffer.from('body'));
const beside = (shop: Workshop): AssetList => ({ assets: [], base: `${pathToFileURL(shop.folder).href}/` });
const listed = (shop: Workshop, ...names: string[]): AssetList => {
  return { assets: names.map((name) => ({ name, url: pathToFileURL(`${shop.folder}/${name}`).href })) };
};

describe('a signature of a release', () => {
  test.each([
    ['checksums.txt', 'checksums.txt.sigstore.json'],
    ['checksums.txt', 'checksums.txt.bundle'],
    ['manifest.json', 'manifest.sig.bundle'],
  ])('of %s lies in %s', async (name, file) => {
    await using shop = await openWorkshop();
    await shop.put(file, '{}');
    const found = await releaseSignature(shop.host, beside(shop), { name, method: 'sigstore' });
    expect(found).toEqual({ path: file, data: Buffer.from('{}') });
  });

  test('is looked for among what the release lists, and nowhere else', async () => {
    await using shop = await openWorkshop();
    await shop.put('a.tar.gz.minisig', MINISIG);
    const wanted = { name: 'a.tar.gz', method: 'minisign' } as const;
    expect((await refusalOf(() => releaseSignature(shop.host, listed(shop, 'a.tar.gz'), wanted))).code).toBe(
      'E_SIGNATURE_MISSING',
    );
    const found = await releaseSignature(shop.host, listed(shop, 'a.tar.gz', 'a.tar.gz.minisig'), wanted);
    expect(found.data.toString()).toBe(MINISIG);
  });

  test('that is missing is told with the names it could have', async () => {
    await using shop = await openWorkshop();
    const error = await refusalOf(() =>
      releaseSignature(shop.host, beside(shop), { name: 'a.tgz', method: 'minisign' }),
    );
    expect(error.message).toContain('saw no minisign signature of it, expected one of a.tgz.minisig, a.minisig');
    expect(error.facts).toEqual({ file: 'a.tgz', method: 'minisign' });
  });
});
