import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { choose } from '../../src/release/choose.ts';
import { directorySource } from '../../src/release/source/directory.ts';
import { urlSource } from '../../src/release/source/url.ts';
import { startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const stable = { allowPrerelease: false };

describe('choose', () => {
  test.each([
    ['latest', 'v0.2.13'],
    ['v0.2.x', 'v0.2.13'],
    ['v0.2.9', 'v0.2.9'],
    ['0.2.9', 'v0.2.9'],
  ])('%s from a folder is %s', async (request, expected) => {
    await using shop = await openWorkshop();
    for (const tag of ['v0.2.9', 'v0.2.13', 'v0.3.0-rc1']) await mkdir(join(shop.folder, tag));
    const source = directorySource(shop.host.files, shop.folder);
    expect((await choose(source, request, stable)).tag).toBe(expected);
  });

  test('an exact tag needs no list', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    const release = await choose(urlSource(shop.host, server.url), 'v0.2.9', stable);
    expect(release).toMatchObject({ tag: 'v0.2.9', base: `${server.url}/v0.2.9/` });
  });

  test('a range does', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    const error = await refusalOf(() => choose(urlSource(shop.host, server.url), 'v0.2.x', stable));
    expect(error.code).toBe('E_SOURCE_UNREACHABLE');
    expect(error.hint).toContain('name the exact tag');
  });

  test('an unknown tag is answered with the nearest, an unparsable one before anybody is asked', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/releases.json', { body: JSON.stringify([{ tag_name: 'v0.2.9' }]) });
    const source = urlSource(shop.host, server.url);
    const unknown = await refusalOf(() => choose(source, 'v0.2.8', stable));
    expect(unknown.code).toBe('E_RELEASE_UNKNOWN');
    expect(unknown.message).toContain('the nearest v0.2.9');
    const asked = server.requests.length;
    expect((await refusalOf(() => choose(source, 'newest', stable))).code).toBe('E_VERSION_UNPARSABLE');
    expect(server.requests).toHaveLength(asked);
  });
});
