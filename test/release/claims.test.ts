import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { collectClaims } from '../../src/release/claims.ts';
import { startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const name = 'a.tar.gz';

describe('collectClaims', () => {
  test.each([
    ['the list', { 'checksums.txt': `${A}  ${name}\n` }, undefined, [['checksums.txt', A]]],
    ['the sidecar', { 'a.tar.gz.sha256': A }, undefined, [['a.tar.gz.sha256', A]]],
    ['the pin', {}, A.toUpperCase(), [['--sha256', A]]],
    [
      'all of them, also where they contradict each other',
      { 'checksums.txt': `${A}  ${name}\n`, 'a.tar.gz.sha256': `${B}  ${name}\n` },
      B,
      [
        ['--sha256', B],
        ['checksums.txt', A],
        ['a.tar.gz.sha256', B],
      ],
    ],
    ['a list that does not name it: nothing', { 'checksums.txt': `${A}  other.tar.gz\n` }, undefined, []],
    ['nothing', {}, undefined, []],
  ] as const)('finds %s', async (_, served, pinned, expected) => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    for (const [file, body] of Object.entries(served)) server.on(`/v1/${file}`, { body });
    const list = { assets: [], base: `${server.url}/v1/` };
    const claims = await collectClaims(shop.host, list, { name, pinned });
    expect(claims.map(({ from, sha256 }) => [from, sha256])).toEqual(expected);
  });

  test('does not ask for what a complete list does not hold', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/sums', { body: `${A}  ${name}\n` });
    const list = { assets: [{ name: 'checksums.txt', url: `${server.url}/sums` }] };
    expect(await collectClaims(shop.host, list, { name })).toEqual([{ from: 'checksums.txt', sha256: A }]);
    expect(server.requests.map(({ path }) => path)).toEqual(['/sums']);
  });

  test('reads files of this machine', async () => {
    await using shop = await openWorkshop();
    const url = pathToFileURL(await shop.put('a.tar.gz.sha256', `${A}\n`)).href;
    const list = { assets: [{ name: 'a.tar.gz.sha256', url }] };
    expect(await collectClaims(shop.host, list, { name })).toEqual([{ from: 'a.tar.gz.sha256', sha256: A }]);
  });

  test.each(['', 'abc', `${A}0`, `sha256:${A}`])('refuses --sha256 %j', async (pinned) => {
    await using shop = await openWorkshop();
    const error = await refusalOf(() => collectClaims(shop.host, { assets: [] }, { name, pinned }));
    expect(error.code).toBe('E_USAGE');
  });

  test.each([
    ['a page', '<!DOCTYPE html><html></html>'],
    ['two mebibytes', 'a'.repeat(2 * 1024 * 1024)],
  ])('refuses %s in place of the list', async (_, body) => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/checksums.txt', { body });
    const list = { assets: [], base: `${server.url}/` };
    const error = await refusalOf(() => collectClaims(shop.host, list, { name }));
    expect(error.code).toBe('E_CHECKSUMS_INVALID');
  });

  test('a server that fails is no absence of claims', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/checksums.txt', { status: 500 });
    const list = { assets: [], base: `${server.url}/` };
    const error = await refusalOf(() => collectClaims(shop.host, list, { name, pinned: A }));
    expect(error.code).toBe('E_SOURCE_UNREACHABLE');
  });
});
