import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atFirst } from '../../src/release/at-first.ts';
import { collectClaims } from '../../src/release/claims.ts';
import { downloadFrom } from '../../src/release/download-from.ts';
import { openSource } from '../../src/release/source/open.ts';
import { startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const REDIRECTS = ['github.com'];
const SAW = /saw a redirect to https:\/\/evil\.example, expected https to one of github\.com/;

/** The first source is down; the second sends everybody on, to a host that nobody allowed. */
async function stage() {
  const server = await startLoopback();
  const shop = await openWorkshop();
  for (const name of ['a', 'checksums.txt']) {
    server.on(`/m0/v1/${name}`, { status: 503 });
    server.on(`/m1/v1/${name}`, { status: 302, headers: { location: `https://evil.example/${name}` } });
  }
  return {
    shop,
    first: `${server.url}/m0/v1/`,
    others: { tag: 'v1', sources: [openSource(shop.host, `${server.url}/m1`, { repository: '' })] },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}

test('an archive from another source takes no detour that the first one was not allowed', async () => {
  await using scene = await stage();
  const { shop, first, others } = scene;
  const asset = { name: 'a', url: `${first}a`, redirects: REDIRECTS };
  const options = { to: join(shop.folder, 'a'), maxBytes: 100 };
  expect((await refusalOf(() => downloadFrom(shop.host, asset, others, options))).message).toMatch(SAW);
});

test('nor does what proves it', async () => {
  await using scene = await stage();
  const { shop, first, others } = scene;
  const list = { assets: [], base: first, redirects: REDIRECTS };
  const claims = () =>
    atFirst(list, others, { what: 'learn the digest of a' }, (one) => collectClaims(shop.host, one, { name: 'a' }));
  expect((await refusalOf(claims)).message).toMatch(SAW);
});
