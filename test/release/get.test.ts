import { describe, expect, test } from 'vitest';
import { get } from '../../src/release/get.ts';
import { startLoopback } from '../support/loopback.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const limits = { maxBytes: 1000, maxRedirects: 0 };

describe('get', () => {
  test('is patient with what may pass', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a', { status: 503, headers: { 'retry-after': '2' } }, { body: 'x', cutAfter: 0 }, { body: 'ok' });
    expect((await get(shop.host, `${server.url}/a`, limits)).body).toBe('ok');
    expect(shop.slept[0]).toBe(2000);
    expect(shop.slept).toHaveLength(2);
  });

  test('gives the last response when it does not pass', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a', { status: 502 });
    expect((await get(shop.host, `${server.url}/a`, limits)).status).toBe(502);
    expect(server.requests).toHaveLength(5);
  });

  test('does not wait for a spent quota', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a', { status: 429, headers: { 'x-ratelimit-remaining': '0' } });
    expect((await get(shop.host, `${server.url}/a`, limits)).status).toBe(429);
    expect(shop.slept).toEqual([]);
  });

  test('gives up on what is too large at once, and on nobody there after five attempts', async () => {
    const server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a', { body: 'x'.repeat(2000) });
    expect((await refusalOf(() => get(shop.host, `${server.url}/a`, limits))).code).toBe('E_TOO_LARGE');
    expect(shop.slept).toEqual([]);
    await server[Symbol.asyncDispose]();
    expect((await refusalOf(() => get(shop.host, `${server.url}/a`, limits))).code).toBe('E_SOURCE_UNREACHABLE');
    expect(shop.slept).toHaveLength(4);
  });

  test('stops with the reason it was given', async () => {
    await using server = await startLoopback();
    await using shop = await openWorkshop();
    server.on('/a', { body: 'x', stallAfter: 0 });
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(get(shop.host, `${server.url}/a`, { ...limits, stop })).rejects.toThrow('stopped');
  });
});
