import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { gnuData } from '../../src/data/gnu-data.ts';
import { realHost, scratch } from './workbench.ts';

const data = gnuData(realHost());

async function copied() {
  const dir = await scratch();
  await mkdir(`${dir}/disk`);
  await symlink('disk', `${dir}/data`);
  await writeFile(`${dir}/disk/file`, 'old');
  const items = [{ path: `${dir}/data`, kind: 'directory' }] as const;
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  return { dir, items, generation };
}

test('differences are named with their paths', async () => {
  const { dir, items, generation } = await copied();
  expect(await data.differences(items, generation)).toEqual([]);
  await writeFile(`${dir}/disk/file`, 'newer');
  await writeFile(`${dir}/disk/more`, '');
  const found = await data.differences(items, generation);
  expect(found.map(({ path }) => path)).toEqual([`${dir}/disk/file`, `${dir}/disk/more`]);
});

test('data that lies elsewhere by now differs', async () => {
  const { dir, items, generation } = await copied();
  await rm(`${dir}/data`);
  await mkdir(`${dir}/data`);
  expect(await data.differences(items, generation)).toMatchObject([{ path: `${dir}/data`, expected: `${dir}/disk` }]);
});

test.each([
  ['a changed byte', 'file', 'bad'],
  ['a file too many', 'more', ''],
])('verify finds %s', async (_, name, text) => {
  const { dir, generation } = await copied();
  await writeFile(`${generation.root}/tree${dir}/disk/${name}`, text);
  await expect(data.verify(generation)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});

test('a removed generation is gone, and may be removed again', async () => {
  const { dir, generation } = await copied();
  await data.remove(generation);
  await data.remove(generation);
  expect(await realHost().files.list(dir)).toEqual(['data', 'disk']);
});
