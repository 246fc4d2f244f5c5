import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localKind, localSource } from '../../../src/release/source/local.ts';
import { whole } from '../bundle/made.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';

test('what a path leads to', async () => {
  await using shop = await openWorkshop();
  const { files } = shop.host;
  await symlink(await shop.put('carried', whole()), join(shop.folder, 'link'));
  await symlink('gone', join(shop.folder, 'dangling'));
  await shop.put('cut.refit.tar', 'cut');
  await shop.put('a.tar.gz', 'tarball');
  const kinds = ['carried', 'link', 'cut.refit.tar', 'a.tar.gz', '', 'gone', 'dangling'].map(
    async (name) => [name, await localKind(files, join(shop.folder, name))] as const,
  );
  expect(Object.fromEntries(await Promise.all(kinds))).toEqual({
    carried: 'bundle',
    link: 'bundle',
    'cut.refit.tar': 'bundle',
    'a.tar.gz': 'file',
    '': 'directory',
    gone: undefined,
    dangling: undefined,
  });
  expect(await localKind(files, '/dev/null')).toBe('other');
});

test('a folder or a bundle, as it is when it is asked', async () => {
  await using shop = await openWorkshop();
  await mkdir(join(shop.folder, 'r/v1.0.0'), { recursive: true });
  const tags = async (name: string) => {
    const releases = await localSource(shop.host.files, join(shop.folder, name)).list();
    return releases.map(({ tag }) => tag);
  };
  expect(await tags('r')).toEqual(['v1.0.0']);
  await shop.put('b', whole());
  expect(await tags('b')).toEqual(['v0.2.13']);
  await shop.put('a.txt', 'neither');
  expect((await refusalOf(() => tags('a.txt'))).code).toBe('E_DOWNLOAD_SHORT');
  expect((await refusalOf(() => tags('gone'))).code).toBe('E_SOURCE_UNREACHABLE');
});
