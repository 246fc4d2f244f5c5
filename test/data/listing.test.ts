import { link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { list } from '../../src/data/listing.ts';
import { placesOf } from '../../src/data/place.ts';
import { realHost, scratch } from './workbench.ts';

const host = realHost();
/** `printf x | sha256sum` */
const X = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';

async function namesOf(items: Parameters<typeof placesOf>[1]) {
  const places = await placesOf(host.files, items);
  const lists = await list(
    host,
    places.map((place) => ({ place, at: place.directory })),
    'all',
  );
  return lists.map((entries) => entries.map(({ name }) => name));
}

test('names of any bytes, sorted, with their digests', async () => {
  const dir = await scratch();
  await writeFile(Buffer.concat([Buffer.from(`${dir}/a`), Buffer.from([0xff])]), 'x');
  await writeFile(`${dir}/new\nline`, 'x');
  await symlink('nowhere', `${dir}/link`);
  const [place] = await placesOf(host.files, [{ path: dir, kind: 'directory' }]);
  const [entries] = await list(host, place === undefined ? [] : [{ place, at: dir }], 'all');
  expect(entries?.map(({ name, type, sha256, target }) => [name, type, sha256, target])).toEqual([
    ['', 'directory', undefined, undefined],
    ['a\\377', 'file', X, undefined],
    ['link', 'link', undefined, 'nowhere'],
    ['new\\nline', 'file', X, undefined],
  ]);
});

test.each([['plain'], ['odd\xff']])('a file too large for the child has its digest too: %j', async (name) => {
  const dir = await scratch();
  const path = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(name, 'latin1')]);
  await writeFile(path, '');
  await truncate(path, 3 * 1024 * 1024);
  await writeFile(`${dir}/small`, 'x');
  const [place] = await placesOf(host.files, [{ path: dir, kind: 'directory' }]);
  const [entries] = await list(host, place === undefined ? [] : [{ place, at: dir }], 'all');
  // head -c 3145728 /dev/zero | sha256sum
  const zeros = 'bbd05cf6097ac9b1f89ea29d2542c1b7b67ee46848393895f5a9e43fa1f621e5';
  expect(entries?.map(({ sha256 }) => sha256)).toEqual([undefined, zeros, X]);
});

test('what is left alone is not walked, what is an item of its own is listed there', async () => {
  const dir = await scratch();
  for (const name of ['own', 'volume', '.refit-run', 'lost+found']) await mkdir(`${dir}/${name}`);
  for (const name of ['a*', 'aa', 'own/in', 'own/key', 'volume/x', '.refit-run/x', 'key'])
    await writeFile(`${dir}/${name}`, '');
  expect(
    await namesOf([
      { path: dir, kind: 'directory', exclude: ['volume', 'own', 'key', 'a*'] },
      { path: `${dir}/own`, kind: 'directory', exclude: ['key'] },
      { path: `${dir}/key`, kind: 'file' },
    ]),
  ).toEqual([['', 'aa'], ['', 'in'], ['key']]);
});

test('a listed link is not followed below an item, and a hard link counts its names', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/else`);
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/else/secret`, '');
  await symlink('../else', `${dir}/data/link`);
  await writeFile(`${dir}/data/a`, '');
  await link(`${dir}/data/a`, `${dir}/data/b`);
  expect(await namesOf([{ path: `${dir}/data`, kind: 'directory' }])).toEqual([['', 'a', 'b', 'link']]);
});

test('an absent place is empty', async () => {
  const dir = await scratch();
  expect(await namesOf([{ path: `${dir}/none`, kind: 'directory' }])).toEqual([[]]);
});

test('a stat that is killed in the middle of a record is told as what cannot be read', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/file`, 'x');
  const record = `S 81a4 1 2 1 1 0 0 0 1.000000000 1.000000000 "${dir}/fi`;
  const killed: typeof host = {
    ...host,
    commands: {
      ...host.commands,
      query: (_, options) =>
        host.commands.query(['sh', '-c', `printf '%s' "$1"; printf '%s  %s\\0' ${X} x; exit 1`, 'sh', record], options),
    },
  };
  const places = await placesOf(host.files, [{ path: dir, kind: 'directory' }]);
  const listing = list(
    killed,
    places.map((place) => ({ place, at: dir })),
    'all',
  );
  await expect(listing).rejects.toMatchObject({ code: 'E_FILE' });
});
