import { expect, test } from 'vitest';
import { openSource } from '../../src/release/source/open.ts';
import { tagsFrom } from '../../src/release/tags-from.ts';
import { startLoopback } from '../support/loopback.ts';
import { openWorkshop } from './workshop.ts';

test('the first that can be asked tells; what only its publisher calls a prerelease is no release', async () => {
  await using server = await startLoopback();
  await using shop = await openWorkshop();
  const named = ['down', 'there'].map((name) => ({
    name,
    source: openSource(shop.host, `${server.url}/${name}`, { repository: '' }),
  }));
  server.on('/down/releases.json', { status: 404 });
  const list = [
    { tag_name: 'v1.2.0', prerelease: true },
    { tag_name: 'v1.3.0-rc.1', prerelease: true },
    { tag_name: 'v1.1.0', prerelease: false },
  ].map((each) => ({ ...each, assets: [{ name: 'a' }] }));
  server.on('/there/releases.json', { body: JSON.stringify(list) });
  expect((await tagsFrom(named)).toSorted()).toEqual(['v1.1.0', 'v1.3.0-rc.1']);
  await expect(tagsFrom(named.slice(0, 1))).rejects.toMatchObject({ code: expect.stringMatching(/^E_SOURCE/) });
});
