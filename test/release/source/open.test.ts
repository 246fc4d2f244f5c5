import { expect, test } from 'vitest';
import { openSource } from '../../../src/release/source/open.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';

test.each([
  [undefined, 'github.com/o/n'],
  ['https://m.example/dm', 'https://m.example/dm'],
  ['HTTP://m.example', 'HTTP://m.example'],
  ['/srv/releases', '/srv/releases'],
])('--source %j is %s', async (from, expected) => {
  await using shop = await openWorkshop();
  expect(openSource(shop.host, from, { repository: 'o/n' }).describe()).toBe(expected);
});

test.each(['', 'releases', 'ftp://m.example', 'file:///srv', 'http://'])('--source %j is refused', async (from) => {
  await using shop = await openWorkshop();
  expect((await refusalOf(() => openSource(shop.host, from, { repository: 'o/n' }))).code).toBe('E_USAGE');
});
