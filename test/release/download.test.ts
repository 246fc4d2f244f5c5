import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import type { DownloadOptions } from '../../src/release/attempt.ts';
import { download } from '../../src/release/download.ts';
import type { Asset } from '../../src/release/release.ts';
import { type Loopback, type Reply, startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from './workshop.ts';

const BODY = randomBytes(300_000);
const ETAG = { etag: '"v1"' };
const MAX = 10_000_000;

interface Scene extends AsyncDisposable {
  readonly server: Loopback;
  readonly shop: Workshop;
  readonly to: string;
  fetch(asset?: Partial<Asset>, options?: Partial<DownloadOptions>): ReturnType<typeof download>;
  /** As `fetch`; the line breaks whenever so many bytes have arrived. */
  fetchBreaking(...at: readonly number[]): ReturnType<typeof download>;
  ranges(): readonly (string | undefined)[];
  left(): Promise<readonly string[]>;
}

async function stage(...replies: readonly [Reply, ...Reply[]]): Promise<Scene> {
  const server = await startLoopback();
  const shop = await openWorkshop();
  server.on('/a.tar.gz', ...replies);
  const to = join(shop.folder, 'a.tar.gz');
  const fetch: Scene['fetch'] = (asset, options) =>
    download(
      shop.host,
      { name: 'a.tar.gz', url: `${server.url}/a.tar.gz`, ...asset },
      { to, maxBytes: MAX, ...options },
    );
  return {
    server,
    shop,
    to,
    fetch,
    fetchBreaking: (...at) => fetch({}, { onProgress: (bytes) => at.includes(bytes) && server.drop() }),
    ranges: () => server.requests.map(({ headers }) => headers.range),
    left: () => readdir(shop.folder),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}

describe('a good server', () => {
  test('gives the whole file, its digest and progress, and leaves nothing beside it', async () => {
    await using scene = await stage({ body: BODY, ranges: true, headers: ETAG });
    const progress: (readonly [number, number | undefined])[] = [];
    const digest = await scene.fetch({}, { onProgress: (bytes, total) => progress.push([bytes, total]) });
    expect(digest).toEqual({ size: BODY.length, sha256: sha256(BODY) });
    expect((await readFile(scene.to)).equals(BODY)).toBe(true);
    expect(await scene.left()).toEqual(['a.tar.gz']);
    expect(progress.at(-1)).toEqual([BODY.length, BODY.length]);
    expect(scene.server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('that says no length is believed when it ends the body properly', async () => {
    await using scene = await stage({ body: BODY, chunked: true });
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
  });

  test('that redirects is followed', async () => {
    await using scene = await stage({ status: 302, headers: { location: '/elsewhere' } });
    scene.server.on('/elsewhere', { body: BODY });
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
  });

  test('is not asked for what is there already', async () => {
    await using scene = await stage({ body: 'other' });
    await scene.shop.put('a.tar.gz', BODY);
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
    expect(scene.server.requests).toHaveLength(0);
  });

  test('is asked for what is there already, if that is not what was told', async () => {
    await using scene = await stage({ body: BODY });
    await scene.shop.put('a.tar.gz', 'other');
    expect((await scene.fetch({}, { sha256: sha256(BODY) })).sha256).toBe(sha256(BODY));
    expect((await readFile(scene.to)).equals(BODY)).toBe(true);
  });

  test('that drips is waited for', async () => {
    await using scene = await stage({ body: BODY, dripBytes: 50_000 });
    expect((await scene.fetch()).size).toBe(BODY.length);
  });
});

describe('a transfer that breaks', () => {
  test('goes on where it broke, if the file is still the same', async () => {
    const cut = { body: BODY, ranges: true, headers: ETAG, stallAfter: 100_000 };
    await using scene = await stage(cut, cut, { body: BODY, ranges: true, headers: ETAG });
    expect((await scene.fetchBreaking(100_000, 200_000)).sha256).toBe(sha256(BODY));
    expect(scene.ranges()).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
    expect(scene.server.requests[1]?.headers['if-range']).toBe('"v1"');
  });

  test('goes on by Last-Modified where there is no strong ETag', async () => {
    const headers = { etag: 'W/"weak"', 'last-modified': 'Tue, 01 Jul 2025 10:00:00 GMT' };
    await using scene = await stage({ body: BODY, headers, stallAfter: 1000 }, { body: BODY, ranges: true, headers });
    expect((await scene.fetchBreaking(1000)).sha256).toBe(sha256(BODY));
    expect(scene.server.requests[1]?.headers['if-range']).toBe(headers['last-modified']);
  });

  test('starts over where the server names no version of the file', async () => {
    await using scene = await stage({ body: BODY, stallAfter: 1000 }, { body: BODY, ranges: true });
    expect((await scene.fetchBreaking(1000)).sha256).toBe(sha256(BODY));
    expect(scene.ranges()).toEqual([undefined, undefined]);
  });

  test('starts over where the server answers 200 to a range', async () => {
    await using scene = await stage({ body: BODY, headers: ETAG, stallAfter: 1000 }, { body: BODY, headers: ETAG });
    expect((await scene.fetchBreaking(1000)).sha256).toBe(sha256(BODY));
    expect(scene.ranges()).toEqual([undefined, 'bytes=1000-']);
  });

  test('starts over where the file changed in between', async () => {
    const other = randomBytes(200_000);
    await using scene = await stage(
      { body: BODY, ranges: true, headers: ETAG, stallAfter: 1000 },
      { body: other, ranges: true, headers: { etag: '"v2"' } },
    );
    expect((await scene.fetchBreaking(1000)).sha256).toBe(sha256(other));
  });

  test('starts over where the server ignores If-Range and sends the rest of a changed file', async () => {
    const other = randomBytes(BODY.length);
    const rest = { 'content-range': `bytes 1000-${BODY.length - 1}/${BODY.length}`, etag: '"v2"' };
    await using scene = await stage(
      { body: BODY, headers: ETAG, stallAfter: 1000 },
      { status: 206, body: other.subarray(1000), headers: rest },
      { body: other, headers: { etag: '"v2"' } },
    );
    expect((await scene.fetchBreaking(1000)).sha256).toBe(sha256(other));
    expect(scene.ranges()).toEqual([undefined, 'bytes=1000-', undefined]);
  });

  test.each(['bytes 0-299999/300000', 'bytes 999-299999/300000', 'bytes=1000-', 'nonsense', ''])(
    'starts over where a 206 says Content-Range %j',
    async (range) => {
      await using scene = await stage(
        { body: BODY, headers: ETAG, stallAfter: 1000 },
        { status: 206, body: BODY.subarray(1000), headers: { ...ETAG, 'content-range': range } },
        { body: BODY, headers: ETAG },
      );
      expect((await scene.fetchBreaking(1000)).sha256).toBe(sha256(BODY));
    },
  );

  test('takes a 416 for what it means: all there, or start over', async () => {
    await using whole = await stage({ status: 416, headers: { 'content-range': `bytes */${BODY.length}` } });
    await whole.shop.put('a.tar.gz.part', BODY);
    await whole.shop.put(
      'a.tar.gz.part.json',
      JSON.stringify({ url: `${whole.server.url}/a.tar.gz`, ifRange: '"v1"' }),
    );
    expect((await whole.fetch()).sha256).toBe(sha256(BODY));

    await using shrunk = await stage({ status: 416, headers: { 'content-range': 'bytes */7' } }, { body: BODY });
    await shrunk.shop.put('a.tar.gz.part', randomBytes(50));
    await shrunk.shop.put(
      'a.tar.gz.part.json',
      JSON.stringify({ url: `${shrunk.server.url}/a.tar.gz`, ifRange: '"v1"' }),
    );
    expect((await shrunk.fetch()).sha256).toBe(sha256(BODY));
  });

  test.each([
    ['of another URL', JSON.stringify({ url: 'https://other.example/a', ifRange: '"v1"' })],
    ['that is torn', '{"url":"ht'],
    ['that is nonsense', 'null'],
  ])('does not go on from a part %s', async (_, sidecar) => {
    await using scene = await stage({ body: BODY, ranges: true, headers: ETAG });
    await scene.shop.put('a.tar.gz.part', randomBytes(50));
    await scene.shop.put('a.tar.gz.part.json', sidecar);
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
    expect(scene.ranges()).toEqual([undefined]);
  });

  test('ends as short, never as whole, when it breaks every time', async () => {
    await using scene = await stage({ body: BODY, cutAfter: 1000 });
    const error = await refusalOf(() => scene.fetch());
    expect(error.code).toBe('E_DOWNLOAD_SHORT');
    expect(exitOf(error)).toBe(5);
    expect(error.message).toMatch(/saw \d+ of 300000 bytes/);
    expect(await scene.left()).not.toContain('a.tar.gz');
    expect(scene.server.requests).toHaveLength(5);
  });

  test('that brings a mebibyte each time is not given up', async () => {
    const large = randomBytes(9_900_000);
    const cut = { body: large, ranges: true, headers: ETAG, cutAfter: 1_500_000 };
    await using scene = await stage(cut);
    expect((await scene.fetch()).sha256).toBe(sha256(large));
    expect(scene.server.requests.length).toBeGreaterThan(5);
  });

  test('at the same place each time is given up, however much it brings', async () => {
    await using scene = await stage({ body: randomBytes(3_000_000), cutAfter: 2_000_000 });
    expect((await refusalOf(() => scene.fetch())).code).toBe('E_DOWNLOAD_SHORT');
    expect(scene.server.requests.length).toBeLessThan(10);
  });
});

describe('a server that lies about the length', () => {
  test('by too much', async () => {
    await using scene = await stage({ body: BODY, claimLength: BODY.length + 5000 });
    expect((await refusalOf(() => scene.fetch())).code).toBe('E_DOWNLOAD_SHORT');
    expect(await scene.left()).not.toContain('a.tar.gz');
  });

  test('by too little, which only the catalogue gives away', async () => {
    await using scene = await stage({ body: BODY.subarray(0, 5000), headers: ETAG });
    const error = await refusalOf(() => scene.fetch({ size: BODY.length }));
    expect(error.code).toBe('E_DOWNLOAD_SHORT');
    expect(error.message).toContain('the 300000 of the catalogue');
    expect(await scene.left()).toEqual([]);
  });

  test('in a Content-Range', async () => {
    const range = { ...ETAG, 'content-range': 'bytes 1000-399999/400000' };
    await using scene = await stage(
      { body: BODY, headers: ETAG, stallAfter: 1000 },
      { status: 206, body: BODY.subarray(1000), headers: range },
      { status: 503 },
    );
    expect((await refusalOf(() => scene.fetchBreaking(1000))).code).toBe('E_SOURCE_UNREACHABLE');
    expect(await scene.left()).not.toContain('a.tar.gz');
  });

  test('a page in place of a large file is let through for verification to name', async () => {
    const page = '<!DOCTYPE html><html>sign in</html>';
    await using scene = await stage({ body: page, headers: { 'content-type': 'text/html' } });
    expect((await scene.fetch({ size: BODY.length })).sha256).toBe(sha256(page));
  });
});

describe('too large', () => {
  test('when announced: refused before a byte is taken', async () => {
    await using scene = await stage({ body: BODY });
    const error = await refusalOf(() => scene.fetch({}, { maxBytes: 1000 }));
    expect(error.code).toBe('E_TOO_LARGE');
    expect(exitOf(error)).toBe(6);
    expect(await scene.left()).toEqual([]);
  });

  test('when not announced: refused where it passes the limit, and the part is removed', async () => {
    await using scene = await stage({ body: BODY, chunked: true, headers: ETAG });
    expect((await refusalOf(() => scene.fetch({}, { maxBytes: 200_000 }))).code).toBe('E_TOO_LARGE');
    expect(await scene.left()).toEqual([]);
    expect(scene.server.requests).toHaveLength(1);
  });
});

describe('statuses', () => {
  test.each([429, 500, 502, 503, 504, 408])('%i is asked again', async (status) => {
    await using scene = await stage({ status }, { body: BODY });
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
    expect(scene.shop.slept).toHaveLength(1);
  });

  test.each([
    [404, 'E_RELEASE_UNKNOWN'],
    [410, 'E_RELEASE_UNKNOWN'],
    [400, 'E_SOURCE_UNREACHABLE'],
    [401, 'E_SOURCE_UNREACHABLE'],
    [403, 'E_SOURCE_UNREACHABLE'],
    [204, 'E_SOURCE_UNREACHABLE'],
  ])('%i is final: %s', async (status, code) => {
    await using scene = await stage({ status });
    const error = await refusalOf(() => scene.fetch());
    expect(error.code).toBe(code);
    expect(exitOf(error)).toBe(5);
    expect(error.facts['status']).toBe(status);
    expect(scene.server.requests).toHaveLength(1);
  });

  test('Retry-After is honoured, in seconds and up to a minute', async () => {
    await using scene = await stage(
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 503, headers: { 'retry-after': '86400' } },
      { body: BODY },
    );
    await scene.fetch();
    expect(scene.shop.slept).toEqual([7000, 60_000]);
  });

  test('a server that never recovers is given up after five requests', async () => {
    await using scene = await stage({ status: 503 });
    const error = await refusalOf(() => scene.fetch());
    expect(error.message).toContain('saw status 503');
    expect(scene.server.requests).toHaveLength(5);
  });

  test('nobody there is E_SOURCE_UNREACHABLE', async () => {
    await using scene = await stage({ body: BODY });
    await scene.server[Symbol.asyncDispose]();
    expect((await refusalOf(() => scene.fetch())).code).toBe('E_SOURCE_UNREACHABLE');
  });

  test('the query of a URL, which may be a secret, is in no message', async () => {
    await using scene = await stage({ status: 404 });
    const error = await refusalOf(() => scene.fetch({ url: `${scene.server.url}/a.tar.gz?token=hush` }));
    expect(`${error.message} ${JSON.stringify(error.facts)}`).not.toContain('hush');
  });
});

describe('stopping', () => {
  test('leaves a part from which the next call goes on', async () => {
    await using scene = await stage(
      { body: BODY, ranges: true, headers: ETAG, stallAfter: 120_000 },
      { body: BODY, ranges: true, headers: ETAG },
    );
    const stop = new AbortController();
    const reason = new Error('the person pressed Ctrl-C');
    const halted = scene.fetch(
      {},
      { stop: stop.signal, onProgress: (bytes) => bytes >= 120_000 && stop.abort(reason) },
    );
    await expect(halted).rejects.toBe(reason);
    expect(await scene.left()).toEqual(['a.tar.gz.part', 'a.tar.gz.part.json']);
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
    expect(scene.ranges()[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('before the start asks nobody', async () => {
    await using scene = await stage({ body: BODY });
    await expect(scene.fetch({}, { stop: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
    expect(await scene.left()).toEqual([]);
  });
});

describe('a file of this machine', () => {
  test('is copied with its digest', async () => {
    await using shop = await openWorkshop();
    const from = await shop.put('from', BODY);
    const to = join(shop.folder, 'to');
    const digest = await download(shop.host, { name: 'a', url: pathToFileURL(from).href }, { to, maxBytes: MAX });
    expect(digest).toEqual({ size: BODY.length, sha256: sha256(BODY) });
    expect((await readFile(to)).equals(BODY)).toBe(true);
  });

  test.each([
    ['absent', 'gone', MAX, 'E_NOT_FOUND'],
    ['too large', 'from', 10, 'E_TOO_LARGE'],
  ])('that is %s is refused', async (_, name, maxBytes, code) => {
    await using shop = await openWorkshop();
    await shop.put('from', BODY);
    const url = pathToFileURL(join(shop.folder, name)).href;
    const error = await refusalOf(() =>
      download(shop.host, { name: 'a', url }, { to: join(shop.folder, 'to'), maxBytes }),
    );
    expect(error.code).toBe(code);
    expect(await readdir(shop.folder)).toEqual(['from']);
  });
});
