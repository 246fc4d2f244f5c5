import { execFileSync } from 'node:child_process';
import { chmod, link, lutimes, mkdir, readFile, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { DataItem } from '../../src/data/data.ts';
import { gnuData } from '../../src/data/gnu-data.ts';
import { RefitError } from '../../src/errors.ts';
import { atEveryKill, listing, realHost, scratch } from './workbench.ts';

const host = realHost();
const data = gnuData(host);

/** Everything a data directory can hold that copies get wrong. */
async function awkward(dir: string): Promise<void> {
  await mkdir(`${dir}/sub/deep`, { recursive: true });
  await mkdir(`${dir}/empty`);
  await writeFile(`${dir}/sub/run`, 'x', { mode: 0o700 });
  await chmod(`${dir}/sub/run`, 0o4750);
  await writeFile(Buffer.concat([Buffer.from(`${dir}/odd`), Buffer.from([0xff, 0x0a])]), 'odd');
  await writeFile(`${dir}/sparse`, '');
  await truncate(`${dir}/sparse`, 64 * 1024 * 1024);
  await symlink('/nowhere', `${dir}/dangling`);
  await lutimes(`${dir}/dangling`, 1, 2.5);
  await link(`${dir}/sub/run`, `${dir}/hard`);
  execFileSync('mkfifo', [`${dir}/fifo`]);
  await utimes(`${dir}/sub/deep`, 1, 1.25);
  // A subdirectory that is not setgid, in one that is.
  await chmod(`${dir}/sub`, 0o2755);
  await chmod(`${dir}`, 0o2750);
}

test('everything a directory can hold is kept', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await awkward(`${dir}/data`);
  const copied = await data.copy([{ path: `${dir}/data`, kind: 'directory' }], { id: 'g', root: `${dir}/g` });
  const [source, copy] = [listing(`${dir}/data`), listing(`${dir}/g/tree${dir}/data`)];
  const below = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('|d|') && !line.includes('  '));
  expect(below(copy)).toEqual(below(source));
  expect(copied.special).toEqual([`${dir}/data/fifo`]);
  expect((await stat(`${dir}/g/tree${dir}/data/sparse`)).blocks).toBe(0);
  await expect(data.verify({ id: 'g', root: `${dir}/g` }, copied.manifestSha256)).resolves.toBeUndefined();
});

test('the folder of a generation is closed to others', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/key`, 'secret');
  await data.copy([{ path: `${dir}/key`, kind: 'file' }], { id: 'g', root: `${dir}/g` });
  expect((await stat(`${dir}/g`)).mode & 0o777).toBe(0o700);
  expect((await stat(`${dir}/g/manifest.json`)).mode & 0o777).toBe(0o600);
});

test('the data behind a link, and a database with its log, are copied; a neighbour is not', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/disk`);
  await symlink('disk', `${dir}/link`);
  for (const name of ['app.db', 'app.db-wal', 'app.db.bak']) await writeFile(`${dir}/disk/${name}`, name);
  const items: DataItem[] = [
    { path: `${dir}/link/app.db`, kind: 'database' },
    { path: `${dir}/absent`, kind: 'file' },
  ];
  const copied = await data.copy(items, { id: 'g', root: `${dir}/g` });
  expect(copied.files).toBe(2);
  expect(await readFile(`${dir}/g/tree${dir}/disk/app.db-wal`, 'utf8')).toBe('app.db-wal');
  expect(await data.differences(items, { id: 'g', root: `${dir}/g` })).toEqual([]);
});

test('data that changes while it is copied is refused, and no manifest is left', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/db`, 'old');
  // A service that was not stopped: it writes between the copy and the look at it.
  const busy = realHost({
    async run(effect, act) {
      const result = await act(() => undefined);
      if (effect.kind === 'process') await writeFile(`${dir}/g/tree${dir}/data/db`, 'new');
      return result;
    },
  });
  const generation = { id: 'g', root: `${dir}/g` };
  const copying = gnuData(busy).copy([{ path: `${dir}/data`, kind: 'directory' }], generation);
  await expect(copying).rejects.toMatchObject({ code: 'E_DATA_CHANGED' });
  await expect(data.verify(generation)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
});

test('whenever it is killed, there is either a whole copy or none, and the next call makes one', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data/sub`, { recursive: true });
  await writeFile(`${dir}/data/sub/file`, 'x');
  await writeFile(`${dir}/key`, 'x');
  const items: DataItem[] = [
    { path: `${dir}/data`, kind: 'directory' },
    { path: `${dir}/key`, kind: 'file' },
  ];
  const generation = { id: 'g', root: `${dir}/g` };
  let [absent, whole] = [0, 0];
  await atEveryKill(
    (mortal) => gnuData(mortal).copy(items, generation),
    async () => {
      const found = await host.files.stat(`${dir}/g/manifest.json`);
      if (found === undefined) absent += 1;
      else await data.verify(generation).then(() => (whole += 1));
    },
  );
  expect(absent).toBeGreaterThan(3);
  expect(whole).toBeGreaterThan(0);
});

test('what was in an earlier copy and is gone now does not stay', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/old`, 'x');
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy([{ path: `${dir}/data`, kind: 'directory' }], generation);
  await host.files.remove(`${dir}/data/old`);
  await data.copy([{ path: `${dir}/data`, kind: 'directory' }], generation);
  expect(await host.files.list(`${dir}/g/tree${dir}/data`)).toEqual([]);
});

test('what is refused at the start leaves an earlier copy whole; what fails later leaves nothing in the way', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/file`, 'x');
  const generation = { id: 'g', root: `${dir}/g` };
  const { manifestSha256 } = await data.copy([{ path: `${dir}/data`, kind: 'directory' }], generation);
  const wrong = data.copy([{ path: `${dir}/data`, kind: 'file' }], generation);
  await expect(wrong).rejects.toMatchObject({ code: 'E_FILE' });
  await data.verify(generation, manifestSha256);
  const full = realHost({
    run: async (effect, act) => {
      if (effect.kind === 'process') throw new RefitError('E_NO_SPACE', 'Cannot write');
      return act(() => undefined);
    },
  });
  const failing = gnuData(full).copy([{ path: `${dir}/data`, kind: 'directory' }], generation);
  await expect(failing).rejects.toMatchObject({ code: 'E_NO_SPACE' });
  expect(await host.files.list(`${dir}/g`)).toEqual([]);
});
