import { execFileSync } from 'node:child_process';
import { link, mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { list } from '../../src/data/listing.ts';
import { placesOf } from '../../src/data/place.ts';
import { scan } from '../../src/data/scan.ts';
import { realHost, scratch } from './workbench.ts';

const host = realHost();

async function tree(): Promise<string> {
  const dir = await scratch();
  await mkdir(`${dir}/data/sub`, { recursive: true });
  await mkdir(`${dir}/data/left/out`, { recursive: true });
  await writeFile(`${dir}/data/a "b" \\ ü\n`, 'x', { mode: 0o4755 });
  await link(`${dir}/data/a "b" \\ ü\n`, `${dir}/data/sub/second`);
  await symlink('to "where"\n', `${dir}/data/link`);
  await truncate(`${dir}/data/sub/second`, 1024 * 1024);
  await utimes(`${dir}/data/sub`, 1, 1.25);
  execFileSync('mkfifo', [`${dir}/data/fifo`]);
  await writeFile(`${dir}/app.db`, '');
  await writeFile(`${dir}/app.db.bak`, '');
  return dir;
}

async function both(dir: string) {
  const places = await placesOf(host.files, [
    { path: `${dir}/data`, kind: 'directory', exclude: ['left'] },
    { path: `${dir}/app.db`, kind: 'database' },
    { path: `${dir}/absent`, kind: 'directory' },
  ]);
  const sights = places.map((place) => ({ place, at: place.directory }));
  return { listed: await list(host, sights, 'none'), scanned: await scan(host, sights) };
}

test('it says exactly what list says', async () => {
  const { listed, scanned } = await both(await tree());
  expect(scanned.map(({ length }) => length)).toEqual([6, 1, 0]);
  expect(scanned).toEqual(listed);
});

test('so it does where a name is no string, or a time lies before 1970', async () => {
  const dir = await tree();
  await writeFile(Buffer.concat([Buffer.from(`${dir}/data/`), Buffer.from([0xff])]), '');
  const odd = await both(dir);
  expect(odd.scanned).toEqual(odd.listed);
  expect(odd.scanned[0]?.map(({ name }) => name)).toContain('\\377');
  const old = await tree();
  execFileSync('touch', ['--date=@-1.5', `${old}/app.db`]);
  const early = await both(old);
  expect(early.scanned[1]?.[0]?.mtime).toMatch(/^-/);
  expect(early.scanned).toEqual(early.listed);
});
