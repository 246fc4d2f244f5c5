import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectClaims } from '../../../src/release/claims.ts';
import { localTarball } from '../../../src/release/source/local-tarball.ts';
import { openWorkshop, refusalOf, sha256 } from '../workshop.ts';

describe('localTarball', () => {
  test('is proven by what lies beside it', async () => {
    await using shop = await openWorkshop();
    const path = await shop.put('a.tar.gz', 'body');
    const { asset, list } = await localTarball(shop.host.files, path);
    expect(asset).toMatchObject({ name: 'a.tar.gz', size: 4 });
    expect(await collectClaims(shop.host, list, { name: asset.name })).toEqual([]);
    await shop.put('checksums.txt', `${sha256('body')}  a.tar.gz\n`);
    await shop.put('a.tar.gz.sha256', sha256('body'));
    const claims = await collectClaims(shop.host, list, { name: asset.name });
    expect(claims.map(({ from }) => from)).toEqual(['checksums.txt', 'a.tar.gz.sha256']);
  });

  test('may be a link, proven beside the link', async () => {
    await using shop = await openWorkshop();
    await mkdir(join(shop.folder, 'store'));
    await shop.put('store/blob', 'body');
    await symlink('store/blob', join(shop.folder, 'a.tar.gz'));
    await shop.put('a.tar.gz.sha256', sha256('body'));
    const { asset, list } = await localTarball(shop.host.files, join(shop.folder, 'a.tar.gz'));
    expect(await collectClaims(shop.host, list, { name: asset.name })).toHaveLength(1);
  });

  test.each([
    ['absent', 'E_NOT_FOUND'],
    ['folder', 'E_NOT_FOUND'],
  ])('that is %s is refused', async (name, code) => {
    await using shop = await openWorkshop();
    await mkdir(join(shop.folder, 'folder'));
    expect((await refusalOf(() => localTarball(shop.host.files, join(shop.folder, name)))).code).toBe(code);
  });
});
