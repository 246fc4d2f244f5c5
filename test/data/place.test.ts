import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { placesOf, refuseKinds } from '../../src/data/place.ts';
import { realHost, scratch } from './workbench.ts';

const { files } = realHost();

test('a database brings its companions', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/db`, '');
  expect(await placesOf(files, [{ path: `${dir}/db`, kind: 'database' }])).toMatchObject([
    { directory: dir, names: ['db', 'db-wal', 'db-shm', 'db-journal'] },
  ]);
});

test('what lies in a listed directory is covered by it, whatever the order', async () => {
  const dir = await scratch();
  const directory = { path: dir, kind: 'directory' } as const;
  const inside = [
    { path: `${dir}/db`, kind: 'database' },
    { path: `${dir}/sub`, kind: 'directory' },
    { path: `${dir}/sub/key`, kind: 'file' },
  ] as const;
  for (const items of [
    [directory, ...inside],
    [...inside, directory],
    [directory, directory],
  ])
    expect((await placesOf(files, items)).map(({ path }) => path)).toEqual([dir]);
});

test('a file listed beside its database is part of it', async () => {
  const dir = await scratch();
  const places = await placesOf(files, [
    { path: `${dir}/db-wal`, kind: 'file' },
    { path: `${dir}/db`, kind: 'database' },
  ]);
  expect(places.map(({ kind }) => kind)).toEqual(['database']);
});

test('what is left out of a directory can be an item of its own', async () => {
  const dir = await scratch();
  const places = await placesOf(files, [
    { path: dir, kind: 'directory', exclude: ['key'] },
    { path: `${dir}/key`, kind: 'file' },
    { path: `${dir}/keys`, kind: 'file' },
  ]);
  expect(places.map(({ path }) => path)).toEqual([dir, `${dir}/key`]);
});

test('links on the way are resolved, also where the end does not exist yet', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/real/deep`, { recursive: true });
  await symlink('real', `${dir}/link`);
  const places = await placesOf(files, [
    { path: `${dir}/link/deep/`, kind: 'directory' },
    { path: `${dir}/link/absent/db`, kind: 'file' },
  ]);
  expect(places.map(({ directory }) => directory)).toEqual([`${dir}/real/deep`, `${dir}/real/absent`]);
});

test('a dangling link is refused', async () => {
  const dir = await scratch();
  await symlink('nowhere', `${dir}/link`);
  await expect(placesOf(files, [{ path: `${dir}/link`, kind: 'file' }])).rejects.toMatchObject({ code: 'E_FILE' });
});

test('the root of the file system is no data', async () => {
  await expect(placesOf(files, [{ path: '/', kind: 'directory' }])).rejects.toMatchObject({ code: 'E_CONFIG_INVALID' });
});

test('a generation directly inside is left out, one among the data is refused', async () => {
  const dir = await scratch();
  const items = [{ path: dir, kind: 'directory' }] as const;
  expect(await placesOf(files, items, { id: 'g', root: `${dir}/kept` })).toMatchObject([{ exclude: ['kept'] }]);
  expect(await placesOf(files, items, { id: 'g', root: `${dir}/.refit-kept/g` })).toMatchObject([{ exclude: [] }]);
  await expect(placesOf(files, items, { id: 'g', root: `${dir}/a/g` })).rejects.toMatchObject({ code: 'E_FILE' });
  await expect(placesOf(files, items, { id: 'g', root: dir })).rejects.toMatchObject({ code: 'E_FILE' });
});

test('a directory listed as a file, and the other way round, is refused', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/file`, '');
  for (const item of [{ path: dir, kind: 'file' } as const, { path: `${dir}/file`, kind: 'directory' } as const])
    await expect(refuseKinds(files, await placesOf(files, [item]))).rejects.toMatchObject({ code: 'E_FILE' });
});
