import { expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { chooseFrom } from '../../src/release/choose-from.ts';
import { openSource } from '../../src/release/source/open.ts';
import { type Reply, startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const OPTIONS = { allowPrerelease: false };
const catalogue = (...tags: readonly string[]): Reply => ({
  body: JSON.stringify(tags.map((tag_name) => ({ tag_name, assets: [{ name: 'a' }] }))),
});

/** One server, a folder of it for each mirror. */
async function stage(...replies: readonly Reply[]) {
  const server = await startLoopback();
  const shop = await openWorkshop();
  const names = replies.map((_, index) => `${server.url}/m${index}`);
  for (const [index, reply] of replies.entries()) server.on(`/m${index}/releases.json`, reply);
  return {
    names,
    server,
    choose: (request: string) =>
      chooseFrom(
        names.map((name) => ({ name, source: openSource(shop.host, name, { repository: '' }) })),
        request,
        OPTIONS,
      ),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}

test('the first that has one decides, and the others are remembered', async () => {
  await using scene = await stage(catalogue('v1.0.0'), catalogue('v1.0.1'), catalogue('v1.0.0'));
  const [first, ...others] = scene.names;
  expect(await scene.choose('latest')).toMatchObject({
    tag: 'v1.0.0',
    elsewhere: { tag: 'v1.0.0', sources: others },
    origin: first,
  });
  expect(scene.server.requests).toHaveLength(1);
});

test.each<[string, Reply, RegExp]>([
  ['is down', { status: 503 }, /saw status 503/],
  ['has no such release', catalogue('v0.9.0'), /v1\.0\.x/],
  ['answers nonsense', { body: '<!doctype html>' }, /an HTML page/],
])('one that %s is passed by, told in one line', async (_, reply, why) => {
  await using scene = await stage(reply, catalogue('v1.0.1'));
  const [first = '', second = ''] = scene.names;
  const found = await scene.choose('v1.0.x');
  expect(found).toMatchObject({ tag: 'v1.0.1', elsewhere: { sources: [first] } });
  expect(found.assets[0]?.url).toBe(`${second}/v1.0.1/a`);
  expect(found.origin).toMatch(why);
  expect(found.origin?.startsWith(`${second}; ${first} is passed by: `)).toBe(true);
  expect(found.origin).not.toContain('\n');
});

test('of one alone nothing is remembered, and its own error is the error', async () => {
  await using scene = await stage(catalogue('v1.0.0'));
  expect(await scene.choose('latest')).not.toHaveProperty('elsewhere');
  expect((await refusalOf(() => scene.choose('v2'))).message).not.toContain('from any of');
});

test('none: one error that names each', async () => {
  await using scene = await stage({ status: 503 }, catalogue('v0.9.0'));
  const error = await refusalOf(() => scene.choose('v1.0.x'));
  expect(error.code).toBe('E_SOURCE_UNREACHABLE');
  expect(exitOf(error)).toBe(5);
  for (const name of scene.names) expect(error.message).toContain(`${name}: Cannot`);
});

test('none has it: that is the code', async () => {
  await using scene = await stage(catalogue('v0.8.0'), catalogue('v0.9.0'));
  expect((await refusalOf(() => scene.choose('v1.0.x'))).code).toBe('E_RELEASE_UNKNOWN');
});

test('what no other source mends is said at once', async () => {
  await using scene = await stage(catalogue('v0.8.0'), catalogue('v0.9.0'));
  expect((await refusalOf(() => scene.choose('not a version'))).code).not.toMatch(/SOURCE|RELEASE/);
  expect(scene.server.requests).toEqual([]);
});
