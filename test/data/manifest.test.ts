import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readManifest, writeManifest } from '../../src/data/manifest.ts';
import { realHost, scratch } from './workbench.ts';

const { files } = realHost();
const PLACE = { path: '/d', kind: 'directory' as const, directory: '/d', exclude: [], entries: [] };

test('what was written is read back, and its digest pins it', async () => {
  const generation = { id: 'g', root: await scratch() };
  const sha256 = await writeManifest(files, generation, [PLACE]);
  expect(await readManifest(files, generation, sha256)).toEqual([PLACE]);
  await writeManifest(files, generation, []);
  await expect(readManifest(files, generation, sha256)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});

test('many entries are written line by line, and those of a manifest in one line are read as well', async () => {
  const generation = { id: 'g', root: await scratch() };
  const entries = Array.from({ length: 5000 }, (_, n) => ({
    ...{ name: `file "${n}"],`, type: 'file' as const, size: n, mode: 0o644, uid: 0, gid: 0 },
    ...{ mtime: '1.000000000', sha256: 'x'.repeat(64) },
  }));
  const places = [{ ...PLACE, entries }, PLACE, { ...PLACE, path: '/e', entries: entries.slice(0, 1) }];
  const sha256 = await writeManifest(files, generation, places);
  expect(await readManifest(files, generation, sha256)).toEqual(places);
  const path = `${generation.root}/manifest.json`;
  const text = await readFile(path, 'utf8');
  expect(JSON.parse(text)).toEqual({ format: 1, places });
  for (const other of [JSON.stringify(JSON.parse(text)), JSON.stringify(JSON.parse(text), null, 1)]) {
    await writeFile(path, other);
    expect(await readManifest(files, generation)).toEqual(places);
  }
  await writeFile(path, text.slice(0, -2));
  await expect(readManifest(files, generation)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});

test('of a manifest in one line the digest is that of the text that is used', async () => {
  const generation = { id: 'g', root: await scratch() };
  const path = `${generation.root}/manifest.json`;
  const [first, then] = [[PLACE], []].map((places) => JSON.stringify({ format: 1, places }));
  const sha256 = createHash('sha256').update(String(first)).digest('hex');
  await writeFile(path, String(first));
  expect(await readManifest(files, generation, sha256)).toEqual([PLACE]);
  const changing: typeof files = {
    ...files,
    async read(at, limit) {
      await writeFile(path, String(then));
      return files.read(at, limit);
    },
  };
  await expect(readManifest(changing, generation, sha256)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});

test.each(['', '{"format":1', '{"format":2,"places":[]}', '{}'])('%j is no manifest', async (text) => {
  const root = await scratch();
  await mkdir(root, { recursive: true });
  await writeFile(`${root}/manifest.json`, text);
  await expect(readManifest(files, { id: 'g', root })).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});
