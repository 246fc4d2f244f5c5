import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireAsset } from '../../../src/release/assets.ts';
import { collectClaims } from '../../../src/release/claims.ts';
import { download } from '../../../src/release/download.ts';
import { fetchSmall } from '../../../src/release/fetch-small.ts';
import { bundleSource } from '../../../src/release/source/bundle.ts';
import { verify } from '../../../src/release/verify.ts';
import { ARCHIVE, bundleOf, FILES, indexOf, membersOf, whole } from '../bundle/made.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';

const ASSET = 'app_linux_amd64.tar.gz';

test('lists and finds its releases, which hold what they hold and nothing else', async () => {
  await using shop = await openWorkshop();
  const path = await shop.put('a.refit.tar', whole());
  const source = bundleSource(shop.host.files, path);
  expect(source.describe()).toBe(path);
  const release = await source.find('v0.2.13');
  expect(await source.list()).toEqual([release]);
  expect(release.assets.map(({ name }) => name)).toEqual([ASSET, 'checksums.txt']);
  expect(release.base).toBeUndefined();
  const error = await refusalOf(() => source.find('v9.9.9'));
  expect([error.code, error.message, error.hint]).toEqual([
    'E_RELEASE_UNKNOWN',
    expect.stringContaining('saw v0.2.13'),
    expect.stringContaining('refit fetch v9.9.9 --bundle'),
  ]);
});

test('an archive is copied out whole and proven by the list that came with it', async () => {
  await using shop = await openWorkshop();
  const release = await bundleSource(shop.host.files, await shop.put('a.refit.tar', whole())).find('v0.2.13');
  const to = join(shop.folder, ASSET);
  const seen: number[] = [];
  const digest = await download(shop.host, requireAsset(release, ASSET), {
    to,
    maxBytes: 1000,
    onProgress: (bytes, total) => seen.push(bytes, total ?? -1),
  });
  expect(digest.size).toBe(FILES[ARCHIVE]?.length);
  expect(seen).toEqual([25, 25]);
  const claims = await collectClaims(shop.host, release, { name: ASSET });
  expect((await verify(shop.host, to, claims)).evidence.from).toEqual(['checksums.txt']);
});

test('a damaged archive is not copied, and nothing of it stays', async () => {
  await using shop = await openWorkshop();
  const bytes = whole();
  const at = bytes.indexOf('or so it says');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  const release = await bundleSource(shop.host.files, await shop.put('a.refit.tar', bytes)).find('v0.2.13');
  const options = { to: join(shop.folder, ASSET), maxBytes: 1000 };
  const error = await refusalOf(() => download(shop.host, requireAsset(release, ASSET), options));
  expect(error.code).toBe('E_BUNDLE_INVALID');
  expect(await readdir(shop.folder)).toEqual(['a.refit.tar']);
});

test('another bundle in its place: what is not in it any more is said', async () => {
  await using shop = await openWorkshop();
  const release = await bundleSource(shop.host.files, await shop.put('a.refit.tar', whole())).find('v0.2.13');
  await shop.put('a.refit.tar', bundleOf(indexOf({}), ...membersOf({})));
  const asset = requireAsset(release, ASSET);
  expect(await fetchSmall(shop.host, asset.url, { maxBytes: 100 })).toBeUndefined();
  const error = await refusalOf(() => download(shop.host, asset, { to: join(shop.folder, ASSET), maxBytes: 1000 }));
  expect([error.code, error.message]).toEqual(['E_DOWNLOAD_SHORT', expect.stringContaining('any more')]);
});
