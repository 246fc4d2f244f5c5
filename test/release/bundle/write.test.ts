import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBundle } from '../../../src/release/bundle/open.ts';
import { readMember } from '../../../src/release/bundle/read-member.ts';
import { type PackedMember, writeBundle } from '../../../src/release/bundle/write.ts';
import { openWorkshop, refusalOf, sha256 } from '../workshop.ts';
import { FILES, whole } from './made.ts';

const INDEX = { product: 'app', releases: [{ tag: 'v0.2.13', prerelease: false }] };
const packed = (name: string, data: Buffer, from: string | Buffer = data): PackedMember => {
  return { name, size: data.length, sha256: sha256(data), from };
};

test('from files and from bytes, twice, in another order of keys: the same bytes', async () => {
  await using shop = await openWorkshop();
  const write = async (name: string, members: readonly PackedMember[]) => {
    const to = join(shop.folder, name);
    const digest = await writeBundle(shop.host.files, { to, index: INDEX, members });
    const bytes = await readFile(to);
    expect(digest).toEqual({ size: bytes.length, sha256: sha256(bytes) });
    return bytes;
  };
  const fromFiles: PackedMember[] = [];
  for (const [name, data] of Object.entries(FILES)) {
    fromFiles.push(packed(name, data, await shop.put(name.replaceAll('/', '-'), data)));
  }
  const first = await write('a.refit.tar', fromFiles);
  const second = await write(
    'b.refit.tar',
    Object.entries(FILES).map(([name, data]) => packed(name, data)),
  );
  expect(first).toEqual(second);
  expect(first).toEqual(whole());
});

test('the longest names, and bodies about a block', async () => {
  await using shop = await openWorkshop();
  const tag = `v1.0.0-${'r'.repeat(57)}`;
  const members = [0, 1, 511, 512, 513].map((size) =>
    packed(`releases/${tag}/${`${size}`.padEnd(99, 'x')}`, Buffer.alloc(size, 'b')),
  );
  const to = join(shop.folder, 'a.refit.tar');
  await writeBundle(shop.host.files, { to, index: { ...INDEX, releases: [{ tag, prerelease: true }] }, members });
  const bundle = await openBundle(shop.host.files, to);
  for (const { name, size } of members) {
    const placed = bundle.members.get(name);
    if (placed === undefined) throw new Error(`no ${name}`);
    expect(await readMember(shop.host.files, bundle, placed, 1000)).toEqual(Buffer.alloc(size, 'b'));
  }
});

test('what changes while it is read makes no bundle, and takes none away', async () => {
  await using shop = await openWorkshop();
  const data = Buffer.from('as it was');
  const path = await shop.put('a.tar.gz', data);
  const to = await shop.put('a.refit.tar', 'the one of before');
  const members = [packed('releases/v0.2.13/a.tar.gz', data, path)];
  for (const change of ['longer', '']) {
    await appendFile(path, change);
    if (change === '') await shop.put('a.tar.gz', 'as it is!');
    const error = await refusalOf(() => writeBundle(shop.host.files, { to, index: INDEX, members }));
    expect(error.code).toBe('E_WORLD_CHANGED');
    expect((await readdir(shop.folder)).toSorted()).toEqual(['a.refit.tar', 'a.tar.gz']);
    expect(await readFile(to, 'utf8')).toBe('the one of before');
  }
});
