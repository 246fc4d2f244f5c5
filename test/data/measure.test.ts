import { link, mkdir, truncate, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { gnuData } from '../../src/data/gnu-data.ts';
import { realHost, scratch } from './workbench.ts';

test('holes and second names cost nothing, short files a block', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/short`, 'x');
  await link(`${dir}/data/short`, `${dir}/data/again`);
  await writeFile(`${dir}/data/sparse`, '');
  await truncate(`${dir}/data/sparse`, 1024 ** 3);
  const measured = await gnuData(realHost()).measure([{ path: `${dir}/data`, kind: 'directory' }]);
  expect(measured).toMatchObject({ files: 4, bytes: 3 * 4096 });
  expect(measured.byDevice).toMatchObject([{ path: `${dir}/data`, bytes: 3 * 4096 }]);
});

test('nothing there takes nothing', async () => {
  const dir = await scratch();
  const measured = await gnuData(realHost()).measure([{ path: `${dir}/none`, kind: 'database' }]);
  expect(measured).toEqual({ bytes: 0, files: 0, byDevice: [] });
});
