import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { notesCrossed } from '../../../src/release/notes/crossed.ts';
import type { Source } from '../../../src/release/release.ts';
import { bundleSource } from '../../../src/release/source/bundle.ts';
import { directorySource } from '../../../src/release/source/directory.ts';
import { githubSource } from '../../../src/release/source/github.ts';
import { urlSource } from '../../../src/release/source/url.ts';
import { startLoopback } from '../../support/loopback.ts';
import { bundleOf, indexOf, membersOf } from '../bundle/made.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';

const sourceWith = (texts: Readonly<Record<string, string>>): Source => ({
  describe: () => 'a source',
  list: async () => [],
  find: () => Promise.reject(new Error('nobody asks')),
  notes: async (wants) => new Map(Object.entries(texts).filter(([tag]) => wants(tag))),
});
const TEXTS = { 'v0.2.9': 'nine', 'v0.10.0': 'ten', 'v0.3.0-rc.1': 'candidate', 'v0.3.0': 'three', nightly: 'no' };
const tagsOf = async (from: string | undefined, to: string) =>
  (await notesCrossed(sourceWith(TEXTS), { from, to })).map(({ tag }) => tag);

test('from what is installed, not included, to the target, included; oldest first', async () => {
  expect(await tagsOf('v0.2.9', 'v0.10.0')).toEqual(['v0.3.0', 'v0.10.0']);
  expect(await tagsOf('v0.2.8', 'v0.3.0')).toEqual(['v0.2.9', 'v0.3.0']);
  expect(await tagsOf('v0.2.9', 'v0.3.0-rc.1')).toEqual(['v0.3.0-rc.1']);
  expect(await tagsOf(undefined, 'v0.10.0')).toEqual(['v0.2.9', 'v0.3.0', 'v0.10.0']);
  expect(await tagsOf('v0.10.0', 'v0.10.0')).toEqual(['v0.10.0']);
});

test('the last hundred, and a mebibyte of them', async () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`v1.0.${i}`, 'breaking']));
  const hundred = await notesCrossed(sourceWith(many), { from: 'v0.1.0', to: 'v1.0.149' });
  expect(hundred.map(({ tag }) => tag)).toEqual(Array.from({ length: 100 }, (_, i) => `v1.0.${i + 50}`));
  const long = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`v1.0.${i}`, 'x'.repeat(60_000)]));
  expect(await notesCrossed(sourceWith(long), { to: 'v1.0.39' })).toHaveLength(17);
});

const crossed = (source: Source) => notesCrossed(source, { from: 'v0.2.9', to: 'v0.2.13' });
const TOLD = [
  { tag: 'v0.2.10', text: 'ten', actions: [] },
  { tag: 'v0.2.13', text: '- BREAKING: FOO', actions: ['BREAKING: FOO'] },
];
const LIST = [
  { tag_name: 'v0.2.13', body: '- BREAKING: FOO', assets: [] },
  { tag_name: 'v0.2.10', body: 'ten', assets: [] },
  { tag_name: 'v0.2.9', body: 'nine', assets: [] },
  { tag_name: 'v0.2.11', body: 'a draft', draft: true, assets: [] },
  { tag_name: 'v0.2.12', assets: [] },
];

test('GitHub: the body of each release, from the list that was asked for already', async () => {
  await using server = await startLoopback();
  await using shop = await openWorkshop();
  server.on('/repos/o/n/releases?per_page=100', { body: JSON.stringify(LIST) });
  const source = githubSource(shop.host, { repository: 'o/n', api: server.url });
  await source.list();
  expect(await crossed(source)).toEqual(TOLD);
  expect(server.requests).toHaveLength(1);
});

test('a mirror: the body, else a file beside the assets', async () => {
  await using server = await startLoopback();
  await using shop = await openWorkshop();
  const [first, ...others] = LIST;
  const list = [{ tag_name: first?.tag_name, assets: [{ name: 'NOTES.md' }] }, ...others];
  server.on('/releases.json', { body: JSON.stringify(list) });
  server.on('/v0.2.13/NOTES.md', { body: '- BREAKING: FOO\n' });
  expect(await crossed(urlSource(shop.host, server.url))).toEqual(TOLD);
});

test('a mirror without a list has none, one that breaks refuses', async () => {
  await using server = await startLoopback();
  await using shop = await openWorkshop();
  server.on('/releases.json', { status: 404 });
  expect(await crossed(urlSource(shop.host, server.url))).toEqual([]);
  server.on('/releases.json', { body: '<html>' });
  expect((await refusalOf(() => crossed(urlSource(shop.host, server.url)))).code).toBe('E_SOURCE_INVALID');
});

test('a folder: in the folder of the tag, or beside it', async () => {
  await using shop = await openWorkshop();
  const put = async (name: string, text: string) => {
    await mkdir(dirname(join(shop.folder, name)), { recursive: true });
    await writeFile(join(shop.folder, name), text);
  };
  await put('v0.2.13/RELEASE_NOTES.md', '- BREAKING: FOO');
  await put('v0.2.10.md', 'ten');
  await put('v0.2.9/NOTES.md', 'nine');
  await put('v0.2.11/app.tar.gz', 'without notes');
  await put('README.md', 'not notes');
  expect(await crossed(directorySource(shop.host.files, shop.folder))).toEqual(TOLD);
});

test('a bundle: of every version on the way, though it holds one release', async () => {
  await using shop = await openWorkshop();
  const files = {
    'notes/v0.2.9.md': Buffer.from('nine'),
    'notes/v0.2.10.md': Buffer.from('ten\n'),
    'notes/v0.2.13.md': Buffer.from('- BREAKING: FOO\n'),
  };
  const path = await shop.put('a.refit.tar', bundleOf(indexOf(files), ...membersOf(files)));
  expect(await crossed(bundleSource(shop.host.files, path))).toEqual(TOLD);
});
