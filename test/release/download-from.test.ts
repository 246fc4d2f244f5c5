import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { type DownloadFromOptions, downloadFrom } from '../../src/release/download-from.ts';
import { openSource } from '../../src/release/source/open.ts';
import { type Loopback, type Reply, startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from './workshop.ts';

const BODY = randomBytes(300_000);
const GOOD: Reply = { body: BODY, ranges: true, headers: { etag: '"v1"' } };
const CUT: Reply = { ...GOOD, cutAfter: 100_000 };

interface Scene extends AsyncDisposable {
  readonly first: Loopback;
  readonly second: Loopback;
  readonly shop: Workshop;
  readonly to: string;
  readonly told: string[];
  fetch(options?: Partial<DownloadFromOptions>, ...more: readonly string[]): ReturnType<typeof downloadFrom>;
}

/** Two mirrors; the release was found at the first. */
async function stage(first: Reply | undefined, second: Reply | undefined): Promise<Scene> {
  const [one, two] = [await startLoopback(), await startLoopback()];
  const shop = await openWorkshop();
  if (first !== undefined) one.on('/v1.0.0/a', first);
  if (second !== undefined) two.on('/v1.0.0/a', second);
  const to = join(shop.folder, 'a');
  const told: string[] = [];
  return {
    first: one,
    second: two,
    shop,
    to,
    told,
    fetch(options = {}, ...more) {
      const sources = [two.url, ...more].map((name) => openSource(shop.host, name, { repository: '' }));
      const asset = { name: 'a', url: `${one.url}/v1.0.0/a`, size: BODY.length };
      const onPassedBy = (text: string) => void told.push(text);
      const limits = { to, maxBytes: 10_000_000, stallTimeoutMs: 5_000, onPassedBy };
      return downloadFrom(shop.host, asset, { tag: 'v1.0.0', sources }, { ...limits, ...options });
    },
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}

const ranges = ({ requests }: Loopback) =>
  requests.filter(({ path }) => path === '/v1.0.0/a').map(({ headers }) => headers.range);

test('the second is not asked while the first does', async () => {
  await using scene = await stage(GOOD, GOOD);
  expect((await scene.fetch()).sha256).toBe(sha256(BODY));
  expect(scene.second.requests).toEqual([]);
  expect(scene.told).toEqual([]);
});

describe('passed by, in one line', () => {
  test.each<[string, Reply | undefined, RegExp]>([
    ['lacks the file', undefined, /saw status 404/],
    ['fails', { status: 503 }, /saw status 503/],
    ['is forbidden', { status: 403 }, /saw status 403/],
    ['redirects in a circle', { status: 302, headers: { location: '/v1.0.0/a' } }, /more than 5 redirects/],
    ['says half is all', { body: BODY.subarray(0, 9) }, /of the catalogue/],
    ['stands still', { ...GOOD, stallAfter: 0 }, /ETIMEDOUT/],
  ])('is one that %s', async (_, reply, why) => {
    await using scene = await stage(reply, GOOD);
    expect((await scene.fetch({ stallTimeoutMs: 300 })).sha256).toBe(sha256(BODY));
    expect(scene.told).toHaveLength(1);
    expect(scene.told[0]).toMatch(why);
    expect(scene.told[0]).toContain(`${scene.first.url}/v1.0.0/a is passed by: `);
  });

  test('is one that is down, without as much patience as for the last', async () => {
    await using scene = await stage(GOOD, GOOD);
    await scene.first[Symbol.asyncDispose]();
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
    expect(scene.told[0]).toContain('ECONNREFUSED');
    expect(scene.shop.slept).toHaveLength(1);
  });

  test('is one whose bytes are not those that were told', async () => {
    await using scene = await stage({ ...GOOD, body: randomBytes(BODY.length) }, GOOD);
    expect((await scene.fetch({ sha256: sha256(BODY) })).sha256).toBe(sha256(BODY));
    expect(scene.told[0]).toContain('saw SHA-256');
  });
});

describe('a part begun at one', () => {
  test('is continued at the next', async () => {
    await using scene = await stage(undefined, { ...GOOD, headers: { etag: '"other"' } });
    scene.first.on('/v1.0.0/a', { ...GOOD, stallAfter: 100_000 }, { status: 503 });
    expect((await scene.fetch({ stallTimeoutMs: 300 })).sha256).toBe(sha256(BODY));
    expect(ranges(scene.second)).toEqual(['bytes=100000-']);
    expect(scene.second.requests.at(-1)?.headers['if-range']).toBeUndefined();
    expect((await readFile(scene.to)).equals(BODY)).toBe(true);
    expect(await readdir(scene.shop.folder)).toEqual(['a']);
  });

  test('is not continued where the file there is longer', async () => {
    const longer = randomBytes(BODY.length + 1);
    await using scene = await stage({ ...CUT, cutAfter: 10_000 }, { ...GOOD, body: longer });
    expect((await scene.fetch()).sha256).toBe(sha256(longer));
    expect(ranges(scene.second)).toEqual(['bytes=20000-', undefined]);
  });

  test('starts over at one that ignores Range', async () => {
    await using scene = await stage({ ...CUT, cutAfter: 10_000 }, { body: BODY });
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
    expect(ranges(scene.second)).toEqual(['bytes=20000-']);
  });

  test('and ended at another with other bytes is fetched anew, whole, where the digest is known', async () => {
    const other = randomBytes(BODY.length);
    await using scene = await stage({ ...CUT, cutAfter: 10_000, body: other }, GOOD);
    expect((await scene.fetch({ sha256: sha256(BODY) })).sha256).toBe(sha256(BODY));
    expect(ranges(scene.second)).toEqual(['bytes=20000-', undefined]);
  });

  test('survives a stop at either', async () => {
    await using scene = await stage({ ...CUT, cutAfter: 10_000 }, { ...GOOD, dripBytes: 20_000 });
    const stop = new AbortController();
    const reason = new Error('paused');
    const onProgress = (bytes: number) => void (bytes > 100_000 && stop.abort(reason));
    await expect(scene.fetch({ stop: stop.signal, onProgress })).rejects.toBe(reason);
    scene.first.on('/v1.0.0/a', { status: 503 });
    expect((await scene.fetch()).sha256).toBe(sha256(BODY));
    const again = scene.second.requests.at(-1)?.headers;
    expect(again).toMatchObject({ 'if-range': '"v1"', range: expect.stringMatching(/^bytes=[1-9]\d{5}-$/) });
  });
});

test('a folder may be one of them', async () => {
  await using scene = await stage(undefined, undefined);
  const folder = join(scene.shop.folder, 'mirror');
  await mkdir(join(folder, 'v1.0.0'), { recursive: true });
  await scene.shop.put('mirror/v1.0.0/a', BODY);
  expect((await scene.fetch({}, folder)).sha256).toBe(sha256(BODY));
  expect(scene.told).toHaveLength(2);
});

test('all failed: one error that names each, and the part is kept', async () => {
  await using scene = await stage({ ...CUT, cutAfter: 10_000 }, { status: 503 });
  const error = await refusalOf(() => scene.fetch());
  expect(error.code).toBe('E_SOURCE_UNREACHABLE');
  expect(exitOf(error)).toBe(5);
  expect(error.message).toContain('Cannot fetch a from any of 2 sources');
  expect(error.message).toContain(`${scene.first.url}/v1.0.0/a: Cannot fetch`);
  expect(error.message).toContain(`${scene.second.url}: Cannot fetch`);
  expect(await readdir(scene.shop.folder)).toEqual(['a.part', 'a.part.json']);
});

test('one gave other bytes and the rest failed: it is named too', async () => {
  await using scene = await stage({ ...GOOD, body: randomBytes(BODY.length) }, { status: 503 });
  const error = await refusalOf(() => scene.fetch({ sha256: sha256(BODY) }));
  expect(error.code).toBe('E_SOURCE_UNREACHABLE');
  expect(error.message).toMatch(/Cannot use its a: saw SHA-256 .*; .*saw status 503/);
  expect(await readdir(scene.shop.folder)).toEqual([]);
});

test('what is wrong with the bytes of the last one is left for the proof to name', async () => {
  const other = randomBytes(BODY.length);
  await using scene = await stage(undefined, { ...GOOD, body: other });
  expect((await scene.fetch({ sha256: sha256(BODY) })).sha256).toBe(sha256(other));
});

test('too large is not a reason to ask another', async () => {
  await using scene = await stage(GOOD, GOOD);
  expect((await refusalOf(() => scene.fetch({ maxBytes: 10 }))).code).toBe('E_TOO_LARGE');
  expect(scene.second.requests).toEqual([]);
});
