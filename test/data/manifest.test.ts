import { mkdir, writeFile } from 'node:fs/promises';
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

test.each(['', '{"format":1', '{"format":2,"places":[]}', '{}'])('%j is no manifest', async (text) => {
  const root = await scratch();
  await mkdir(root, { recursive: true });
  await writeFile(`${root}/manifest.json`, text);
  await expect(readManifest(files, { id: 'g', root })).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});
