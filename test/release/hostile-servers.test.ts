import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { download } from '../../src/release/download.ts';
import { get } from '../../src/release/get.ts';
import { type Reply, startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from './workshop.ts';

const BODY = randomBytes(300_000);
const ETAG = { etag: '"v1"' };
/** The rest is promised, and never comes. */
const NEVER_MORE: Reply = { body: BODY, ranges: true, headers: ETAG, stallAfter: 0 };

async function stage(...replies: readonly [Reply, ...Reply[]]) {
  const server = await startLoopback();
  const shop = await openWorkshop();
  server.on('/a', ...replies);
  const to = join(shop.folder, 'a');
  return {
    server,
    shop,
    to,
    fetch: (size?: number) =>
      download(
        shop.host,
        { name: 'a', url: `${server.url}/a`, size },
        { to, maxBytes: 10_000_000, stallTimeoutMs: 300 },
      ),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}

const left = ({ folder }: Workshop) => readdir(folder);

test('silence in the middle ends an attempt, not the download', async () => {
  await using scene = await stage(
    { body: BODY, ranges: true, headers: ETAG, stallAfter: 100_000 },
    { body: BODY, ranges: true, headers: ETAG },
  );
  expect((await scene.fetch()).sha256).toBe(sha256(BODY));
  expect(scene.server.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=100000-']);
});

test('silence every time is given up, and what arrived is kept', async () => {
  await using scene = await stage({ body: BODY, ranges: true, headers: ETAG, stallAfter: 1000 }, NEVER_MORE);
  const error = await refusalOf(() => scene.fetch());
  expect(error.code).toBe('E_DOWNLOAD_SHORT');
  expect(exitOf(error)).toBe(5);
  expect(error.message).toMatch(/saw 1000 of 300000 bytes \(.*ETIMEDOUT\)/);
  expect(scene.server.requests).toHaveLength(5);
});

test('a transfer may take longer than a stall, as long as bytes come', async () => {
  // 300 pieces, 2 ms apart at least: twice as long as the silence that would end it.
  await using scene = await stage({ body: BODY, headers: ETAG, dripBytes: 1000 });
  expect((await scene.fetch()).sha256).toBe(sha256(BODY));
  expect(scene.server.requests).toHaveLength(1);
});

test('headers that never end, a byte at a time, are silence too', async () => {
  await using scene = await stage({ headersEveryMs: 20 }, { body: BODY });
  expect((await scene.fetch()).sha256).toBe(sha256(BODY));
  expect(scene.server.requests).toHaveLength(2);
});

test('what is declared as compressed is never unpacked: the bytes that were sent are the file', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  await using scene = await stage({ body: bomb, headers: { ...ETAG, 'content-encoding': 'gzip' } });
  expect(await scene.fetch()).toEqual({ size: bomb.length, sha256: sha256(bomb) });
  expect((await readFile(scene.to)).equals(bomb)).toBe(true);
  scene.server.on('/small', { body: bomb, headers: { 'content-encoding': 'gzip' } });
  const limits = { maxBytes: 100_000, maxRedirects: 0 };
  expect((await get(scene.shop.host, `${scene.server.url}/small`, limits)).body.length).toBeLessThan(100_000);
});

test('a redirect loop ends as a source that is wrong, and leaves nothing', async () => {
  await using scene = await stage({ status: 302, headers: { location: '/b' } });
  scene.server.on('/b', { status: 307, headers: { location: '/a' } });
  const error = await refusalOf(() => scene.fetch());
  expect(error.code).toBe('E_SOURCE_INVALID');
  expect(exitOf(error)).toBe(5);
  expect(error.message).toContain('more than 5 redirects');
  expect(scene.server.requests).toHaveLength(6);
  expect(await left(scene.shop)).toEqual([]);
});

test('half a file that is declared whole, and a 206 for what nobody asked, are never a file', async () => {
  await using half = await stage({ body: BODY.subarray(0, 1000), headers: ETAG });
  expect((await refusalOf(() => half.fetch(BODY.length))).code).toBe('E_DOWNLOAD_SHORT');
  expect(await left(half.shop)).toEqual([]);
  const range = { ...ETAG, 'content-range': `bytes 1000-${BODY.length - 1}/${BODY.length}` };
  await using unasked = await stage({ status: 206, body: BODY.subarray(1000), headers: range });
  expect((await refusalOf(() => unasked.fetch())).code).toBe('E_DOWNLOAD_SHORT');
  expect(await left(unasked.shop)).toEqual([]);
});

test('a small file may come slowly, but not stand still', async () => {
  await using scene = await stage({ body: 'x' });
  scene.server.on('/small', { body: 'x'.repeat(500), dripBytes: 1 });
  const limits = { maxBytes: 1000, maxRedirects: 0 };
  expect((await get(scene.shop.host, `${scene.server.url}/small`, limits)).body).toHaveLength(500);
});
