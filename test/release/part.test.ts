import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { partOf, validatorOf } from '../../src/release/part.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

const URL = 'https://m.example/a';
const open = (shop: Workshop) => partOf(shop.host.files, join(shop.folder, 'a'), URL);

describe('a part', () => {
  test('goes on from its bytes under the version it remembers', async () => {
    await using shop = await openWorkshop();
    const part = open(shop);
    expect(await part.resumePoint()).toEqual({ offset: 0, ifRange: undefined });
    await part.start({ etag: '"v1"' }, 9);
    expect(await part.resumePoint()).toEqual({ offset: 0, ifRange: undefined });
    await shop.put('a.part', '12345');
    expect(await part.resumePoint()).toEqual({ offset: 5, ifRange: '"v1"' });
    expect((await stat(join(shop.folder, 'a.part.json'))).mode & 0o777).toBe(0o600);
  });

  test('forgets bytes of another version before it remembers the new one', async () => {
    await using shop = await openWorkshop();
    await shop.put('a.part', 'old');
    await open(shop).start({ etag: '"v2"' }, 9);
    expect(await readdir(shop.folder)).toEqual(['a.part.json']);
    await open(shop).start({}, 9);
    expect(await readdir(shop.folder)).toEqual([]);
  });

  test('of another source goes on by the length of its file alone, and is known for mixed from then on', async () => {
    await using shop = await openWorkshop();
    await open(shop).start({ etag: '"v1"' }, 9);
    await shop.put('a.part', '12345');
    const other = partOf(shop.host.files, join(shop.folder, 'a'), 'https://other.example/a');
    expect(await other.resumePoint()).toEqual({ offset: 5, ifRange: undefined, strangersTotal: 9 });
    expect(await other.isMixed()).toBe(false);
    await other.adopt({ etag: '"w1"' }, 9);
    expect(await other.resumePoint()).toEqual({ offset: 5, ifRange: '"w1"' });
    expect(await open(shop).resumePoint()).toEqual({ offset: 5, ifRange: undefined, strangersTotal: 9 });
    expect(await other.isMixed()).toBe(true);
    await other.start({ etag: '"w1"' }, 9);
    expect(await other.isMixed()).toBe(false);
  });

  test('of another source that named no version stays a stranger, and mixed', async () => {
    await using shop = await openWorkshop();
    await open(shop).start({ etag: '"v1"' }, 9);
    await shop.put('a.part', '12345');
    const other = partOf(shop.host.files, join(shop.folder, 'a'), 'https://other.example/a');
    await other.adopt({}, 9);
    expect(await other.resumePoint()).toMatchObject({ offset: 5, strangersTotal: 9 });
    expect(await other.isMixed()).toBe(true);
  });

  test('of another source whose length nobody said starts over', async () => {
    await using shop = await openWorkshop();
    await open(shop).start({ etag: '"v1"' }, undefined);
    await shop.put('a.part', '12345');
    const other = partOf(shop.host.files, join(shop.folder, 'a'), 'https://other.example/a');
    expect(await other.resumePoint()).toEqual({ offset: 0, ifRange: undefined });
  });

  test('finished, leaves the whole file only', async () => {
    await using shop = await openWorkshop();
    const part = open(shop);
    await part.start({ etag: '"v1"' }, 9);
    await shop.put('a.part', 'whole');
    await part.finish();
    expect(await readdir(shop.folder)).toEqual(['a']);
    expect(await readFile(join(shop.folder, 'a'), 'utf8')).toBe('whole');
  });
});

test.each<[Record<string, string>, string | undefined]>([
  [{ etag: '"v1"', 'last-modified': 'then' }, '"v1"'],
  [{ etag: 'W/"v1"', 'last-modified': 'then' }, 'then'],
  [{ etag: 'W/"v1"' }, undefined],
  [{}, undefined],
])('the validator of %j is %j', (headers, expected) => {
  expect(validatorOf(headers)).toBe(expected);
});
