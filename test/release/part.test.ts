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
    await part.start({ etag: '"v1"' });
    expect(await part.resumePoint()).toEqual({ offset: 0, ifRange: undefined });
    await shop.put('a.part', '12345');
    expect(await part.resumePoint()).toEqual({ offset: 5, ifRange: '"v1"' });
    expect((await stat(join(shop.folder, 'a.part.json'))).mode & 0o777).toBe(0o600);
  });

  test('forgets bytes of another version before it remembers the new one', async () => {
    await using shop = await openWorkshop();
    await shop.put('a.part', 'old');
    await open(shop).start({ etag: '"v2"' });
    expect(await readdir(shop.folder)).toEqual(['a.part.json']);
    await open(shop).start({});
    expect(await readdir(shop.folder)).toEqual([]);
  });

  test('finished, leaves the whole file only', async () => {
    await using shop = await openWorkshop();
    const part = open(shop);
    await part.start({ etag: '"v1"' });
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
