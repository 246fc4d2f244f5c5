import { expect, test } from 'vitest';
import { atFirst } from '../../src/release/at-first.ts';
import { collectClaims } from '../../src/release/claims.ts';
import { openSource } from '../../src/release/source/open.ts';
import { startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const A = 'a'.repeat(64);

async function stage(first: number, second: number) {
  const server = await startLoopback();
  const shop = await openWorkshop();
  const body = `${A}  a\n`;
  server.on('/m0/v1/checksums.txt', { status: first, body });
  server.on('/m1/v1/checksums.txt', { status: second, body });
  const other = openSource(shop.host, `${server.url}/m1`, { repository: '' });
  const list = {
    assets: [],
    base: `${server.url}/m0/v1/`,
    elsewhere: { tag: 'v1', sources: [`${server.url}/m1`] },
  };
  return {
    server,
    claims: () =>
      atFirst(list, { tag: 'v1', sources: [other] }, { what: 'learn the digest of a' }, (one) =>
        collectClaims(shop.host, one, { name: 'a' }),
      ),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}

test('where the release was found', async () => {
  await using scene = await stage(200, 503);
  expect(await scene.claims()).toEqual([{ from: 'checksums.txt', sha256: A }]);
  expect(scene.server.requests.some(({ path }) => path.startsWith('/m1'))).toBe(false);
});

test('elsewhere, where nobody answers there', async () => {
  await using scene = await stage(503, 200);
  expect(await scene.claims()).toEqual([{ from: 'checksums.txt', sha256: A }]);
});

test('that there are none is an answer: nobody else is asked', async () => {
  await using scene = await stage(404, 200);
  expect(await scene.claims()).toEqual([]);
});

test('nobody answers: one error that names each', async () => {
  await using scene = await stage(503, 503);
  const error = await refusalOf(scene.claims);
  expect(error.code).toBe('E_SOURCE_UNREACHABLE');
  expect(error.message).toContain('/m0/v1/checksums.txt');
  expect(error.message).toContain('/m1/v1/checksums.txt');
});
