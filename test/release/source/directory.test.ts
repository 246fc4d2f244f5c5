import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { directorySource } from '../../../src/release/source/directory.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';

describe('a folder per tag', () => {
  test('lists tags, through links, and leaves out the rest', async () => {
    await using shop = await openWorkshop();
    for (const name of ['v0.2.9', 'nightly', 'real']) await mkdir(join(shop.folder, name));
    await symlink('real', join(shop.folder, 'v0.2.10'));
    await symlink('gone', join(shop.folder, 'v0.2.11'));
    await shop.put('v0.2.12', 'a file');
    await writeFile(join(shop.folder, 'v0.2.9', 'my a.tar.gz'), 'x');
    await mkdir(join(shop.folder, 'v0.2.9', 'folder'));
    const source = directorySource(shop.host.files, shop.folder);
    expect((await source.list()).map(({ tag }) => tag)).toEqual(['v0.2.10', 'v0.2.9']);
    expect((await source.find('v0.2.9')).assets).toEqual([
      { name: 'my a.tar.gz', url: pathToFileURL(join(shop.folder, 'v0.2.9', 'my a.tar.gz')).href },
    ]);
    const error = await refusalOf(() => source.find('v0.2.11'));
    expect(error.code).toBe('E_RELEASE_UNKNOWN');
    expect(error.message).toContain('saw v0.2.10, v0.2.9');
  });
});

describe('a folder that holds one release', () => {
  test('is the release that is named, and has no list', async () => {
    await using shop = await openWorkshop();
    await shop.put('checksums.txt', 'x');
    const source = directorySource(shop.host.files, shop.folder);
    expect(await source.find('v0.2.9-rc1')).toMatchObject({
      tag: 'v0.2.9-rc1',
      prerelease: true,
      assets: [{ name: 'checksums.txt' }],
    });
    const error = await refusalOf(() => source.list());
    expect(error.code).toBe('E_SOURCE_INVALID');
    expect(error.hint).toContain('name its exact tag');
  });
});

test.each(['gone', 'file'])('a %s in place of a folder is E_SOURCE_UNREACHABLE', async (name) => {
  await using shop = await openWorkshop();
  await shop.put('file', 'x');
  const error = await refusalOf(() => directorySource(shop.host.files, join(shop.folder, name)).list());
  expect(error.code).toBe('E_SOURCE_UNREACHABLE');
});

test('an empty folder holds no release', async () => {
  await using shop = await openWorkshop();
  const error = await refusalOf(() => directorySource(shop.host.files, shop.folder).find('v1.0.0'));
  expect(error.code).toBe('E_RELEASE_UNKNOWN');
  expect(error.message).toContain('an empty folder');
});
