import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BundleRequest, makeBundle } from '../../../src/release/bundle/make.ts';
import { openBundle } from '../../../src/release/bundle/open.ts';
import type { Release } from '../../../src/release/release.ts';
import { directorySource } from '../../../src/release/source/directory.ts';
import { urlSource } from '../../../src/release/source/url.ts';
import { startLoopback } from '../../support/loopback.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from '../workshop.ts';

const ASSET = 'app_linux_amd64.tar.gz';
const LIST = Buffer.from(`${sha256('body')}  ${ASSET}\n`);

async function released(
  shop: Workshop,
  tag: string,
  files: Readonly<Record<string, Buffer | string>>,
): Promise<Release> {
  const folder = join(shop.folder, 'releases', tag);
  await mkdir(folder, { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeFile(join(folder, name), data);
  return directorySource(shop.host.files, join(shop.folder, 'releases')).find(tag);
}

function requestOf(shop: Workshop, releases: readonly Release[], more: Partial<BundleRequest> = {}): BundleRequest {
  return {
    to: join(shop.folder, 'a.refit.tar'),
    product: 'app',
    releases: releases.map((release) => {
      const asset = release.assets.find(({ name }) => name === ASSET);
      return {
        release,
        archives: [{ arch: 'amd64', asset: asset ?? { name: ASSET, url: `${release.base}${ASSET}` } }],
      };
    }),
    maxBytes: 1000,
    ...more,
  };
}

test('releases oldest first, each once, with what proves them, and refit', async () => {
  await using shop = await openWorkshop();
  const files = { [ASSET]: 'body', 'checksums.txt': LIST, [`${ASSET}.minisig`]: 'sig', 'README.md': 'not wanted' };
  const ten = await released(shop, 'v0.10.0', files);
  const nine = await released(shop, 'v0.9.0', files);
  const executable = { path: await shop.put('refit', 'refit itself'), arch: 'amd64' as const };
  const made = await makeBundle(shop.host, requestOf(shop, [ten, nine, ten], { executable }));
  expect(made.releases).toEqual(['v0.9.0', 'v0.10.0']);
  const { index } = await openBundle(shop.host.files, made.path);
  expect(index.members.map(({ name, arch }) => [name, arch])).toEqual([
    [`releases/v0.9.0/${ASSET}`, 'amd64'],
    [`releases/v0.9.0/${ASSET}.minisig`, undefined],
    ['releases/v0.9.0/checksums.txt', undefined],
    [`releases/v0.10.0/${ASSET}`, 'amd64'],
    [`releases/v0.10.0/${ASSET}.minisig`, undefined],
    ['releases/v0.10.0/checksums.txt', undefined],
    ['refit/refit_linux_amd64', 'amd64'],
  ]);
  expect(made.sha256).toBe(sha256(await readFile(made.path)));
});

test('from a server that lists nothing: what may be there is asked for, and what was fetched is cleared away', async () => {
  await using server = await startLoopback();
  await using shop = await openWorkshop();
  server.on(`/v0.9.0/${ASSET}`, { body: 'body' });
  server.on('/v0.9.0/checksums.txt', { body: LIST });
  server.on('/v0.9.0/checksums.txt.sigstore.json', { body: '{}' });
  const release = await urlSource(shop.host, server.url).find('v0.9.0');
  const made = await makeBundle(shop.host, requestOf(shop, [release]));
  expect(made.members.map(({ name }) => name)).toEqual([
    `releases/v0.9.0/${ASSET}`,
    'releases/v0.9.0/checksums.txt',
    'releases/v0.9.0/checksums.txt.sigstore.json',
  ]);
  expect(await readdir(shop.folder)).toEqual(['a.refit.tar']);
});

test('an archive that its list contradicts is refused, forgotten, and fetched anew', async () => {
  await using server = await startLoopback();
  await using shop = await openWorkshop();
  server.on(`/v0.9.0/${ASSET}`, { body: 'bodY' }, { body: 'body' });
  server.on('/v0.9.0/checksums.txt', { body: LIST });
  const release = await urlSource(shop.host, server.url).find('v0.9.0');
  const error = await refusalOf(() => makeBundle(shop.host, requestOf(shop, [release])));
  expect(error.code).toBe('E_DIGEST_MISMATCH');
  expect(await readdir(shop.folder)).toEqual(['a.refit.tar.parts']);
  expect((await makeBundle(shop.host, requestOf(shop, [release]))).releases).toEqual(['v0.9.0']);
  expect(await readdir(shop.folder)).toEqual(['a.refit.tar']);
});

test.each([
  ['not what its list says', { [ASSET]: 'bodY', 'checksums.txt': LIST }, 'E_DIGEST_MISMATCH'],
  ['nothing says what it is', { [ASSET]: 'body' }, 'E_DIGEST_MISSING'],
  ['larger than allowed', { [ASSET]: 'x'.repeat(1001), 'checksums.txt': LIST }, 'E_TOO_LARGE'],
  ['a list beyond all size', { [ASSET]: 'body', 'checksums.txt': Buffer.alloc(1024 ** 2 + 1) }, 'E_CHECKSUMS_INVALID'],
] as const)('%s: %s is refused and leaves nothing', async (_what, files, code) => {
  await using shop = await openWorkshop();
  const release = await released(shop, 'v0.9.0', files);
  const error = await refusalOf(() => makeBundle(shop.host, requestOf(shop, [release])));
  expect(error.code).toBe(code);
  expect(await readdir(shop.folder)).toEqual(['releases']);
});

test('a name that no bundle holds', async () => {
  await using shop = await openWorkshop();
  const release = await released(shop, 'v0.9.0', { 'my app.tar.gz': 'body' });
  const [asset] = release.assets;
  if (asset === undefined) throw new Error('no asset');
  const releases = [{ release, archives: [{ arch: 'amd64' as const, asset }] }];
  const error = await refusalOf(() => makeBundle(shop.host, requestOf(shop, [], { releases })));
  expect(error.code).toBe('E_SOURCE_INVALID');
  expect(error.message).toContain('"my app.tar.gz"');
});
