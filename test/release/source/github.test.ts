import { describe, expect, test } from 'vitest';
import { githubSource } from '../../../src/release/source/github.ts';
import { startLoopback } from '../../support/loopback.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';

const LIST = '/repos/o/n/releases';
const FIRST = `${LIST}?per_page=100`;
const releases = (...tags: readonly string[]) => JSON.stringify(tags.map((tag_name) => ({ tag_name, assets: [] })));

describe('the releases of a repository', () => {
  test('are read page by page', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    const link = `<${server.url}${LIST}?page=2>; rel="next", <${server.url}${LIST}?page=2>; rel="last"`;
    server.on(FIRST, { body: releases('v0.2.13', 'v0.2.10'), headers: { link } });
    server.on(`${LIST}?page=2`, { body: releases('v0.2.9', 'nightly') });
    const source = githubSource(shop.host, { repository: 'o/n', api: server.url });
    expect((await source.list()).map(({ tag }) => tag)).toEqual(['v0.2.13', 'v0.2.10', 'v0.2.9']);
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
    expect(server.requests[0]?.headers['user-agent']).toBe('refit');
  });

  test('are read up to ten pages, however many there are', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on(FIRST, { body: releases('v1.0.0'), headers: { link: `<${FIRST}>; rel="next"` } });
    await githubSource(shop.host, { repository: 'o/n', api: `${server.url}/` }).list();
    expect(server.requests).toHaveLength(10);
  });

  test('one of them is found by its exact tag', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on(`${LIST}/tags/v1.0.0%2Bb1`, { body: '{"tag_name":"v1.0.0+b1"}' });
    const source = githubSource(shop.host, { repository: 'o/n', api: server.url });
    expect((await source.find('v1.0.0+b1')).tag).toBe('v1.0.0+b1');
    expect((await refusalOf(() => source.find('v9.9.9'))).code).toBe('E_RELEASE_UNKNOWN');
  });
});

describe('the token', () => {
  test('goes to the API, also where the repository was renamed', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on(FIRST, { status: 301, headers: { location: '/repositories/7/releases' } });
    server.on('/repositories/7/releases', { body: releases('v1.0.0') });
    await githubSource(shop.host, { repository: 'o/n', api: server.url, token: 'hush' }).list();
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer hush', 'Bearer hush']);
  });

  test('goes nowhere else: not by a Link header, not by a redirect', async () => {
    await using server = await startLoopback();
    await using stranger = await startLoopback();
    await using shop = await openWorkshop();
    const source = githubSource(shop.host, { repository: 'o/n', api: server.url, token: 'hush' });
    server.on(
      FIRST,
      { body: releases('v1.0.0'), headers: { link: `<${stranger.url}/x>; rel="next"` } },
      { status: 302, headers: { location: `${stranger.url}/y` } },
    );
    stranger.on('/y', { body: releases('v6.6.6') });
    expect((await refusalOf(() => source.list())).code).toBe('E_SOURCE_INVALID');
    expect(stranger.requests).toHaveLength(0);
    await source.list();
    expect(stranger.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
  });
});

describe('a refusal says what to do', () => {
  const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225600' };

  test.each([
    [403, reset, undefined, 'until 2026-01-01T00:00:00.000Z', 'set GITHUB_TOKEN'],
    [429, reset, undefined, 'the rate limit is spent', 'set GITHUB_TOKEN'],
    [403, reset, 'hush', 'the rate limit is spent', 'use a mirror'],
    [403, {}, undefined, 'status 403', 'use a mirror'],
    [401, {}, 'hush', 'the token was refused', 'renew GITHUB_TOKEN'],
    [404, {}, undefined, 'no such repository', 'needs GITHUB_TOKEN'],
    [500, {}, undefined, 'status 500', 'try again later'],
  ] as const)('status %i with %j, token %j', async (status, headers, token, saw, hint) => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on(FIRST, { status, headers });
    const error = await refusalOf(() => githubSource(shop.host, { repository: 'o/n', api: server.url, token }).list());
    expect(error.code).toBe('E_SOURCE_UNREACHABLE');
    expect(error.message).toContain(saw);
    expect(error.hint).toContain(hint);
    expect(`${error.message} ${error.hint}`).not.toContain('hush');
  });

  test('a page in place of the API is E_SOURCE_INVALID', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on(FIRST, { body: '<html>sign in</html>' });
    const error = await refusalOf(() => githubSource(shop.host, { repository: 'o/n', api: server.url }).list());
    expect(error.code).toBe('E_SOURCE_INVALID');
    expect(error.message).toContain('an HTML page');
  });
});
