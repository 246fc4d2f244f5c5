import { describe, expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import type { HttpQuestion } from '../../src/health/health.ts';
import { type Orders, type Watched, watch } from '../../src/health/watch.ts';
import type { Host } from '../../src/host/host.ts';

/** What there is at a moment: nobody, a server that hangs, or one that answers each path. */
type Server = 'nobody' | 'hangs' | Readonly<Record<string, readonly [status: number, body: string]>>;

const UP: Server = { '/ready': [200, 'ready'], '/health': [200, '{}'] };
const DRAINS: Server = { '/ready': [503, 'shutting down'], '/health': [200, '{}'] };
const PAGE: Server = { '/ready': [200, '<html>'], '/health': [200, '<html>'] };

const question = (path: string, more: Partial<HttpQuestion> = {}, origin = 'http://127.0.0.1:80'): HttpQuestion => ({
  kind: 'http',
  name: path,
  url: `${origin}${path}`,
  status: 200,
  ...more,
});
const WATCHED: Watched = { ready: [question('/ready', { body: 'ready' })], alive: [question('/health')] };

interface Seen {
  readonly requests: readonly number[];
  readonly knocks: readonly number[];
  readonly measured: Awaited<ReturnType<typeof watch>>;
}

/** In a time of its own, which goes on only while somebody waits: what is there from each moment on. */
async function seen(
  servers: readonly (readonly [fromMs: number, server: Server])[],
  { stoppedAtMs = 1_000, endAtMs = 4_000, watched = WATCHED } = {},
): Promise<Seen> {
  let now = 0;
  const [requests, knocks]: [number[], number[]] = [[], []];
  const server = () => servers.findLast(([from]) => from <= now)?.[1] ?? 'nobody';
  const orders: Orders = { stoppedAtMs: undefined, untilMs: undefined };
  const refusal = (errno: string) => new RefitError('E_SOURCE_UNREACHABLE', errno, { facts: { errno } });
  const host = {
    clock: {
      monotonic: () => now,
      async sleep(ms: number) {
        now += ms;
        if (now >= stoppedAtMs) orders.stoppedAtMs = stoppedAtMs;
        if (now >= endAtMs) orders.untilMs = endAtMs + 1_000;
      },
    },
    http: {
      async request(url: string, { timeoutMs }: { timeoutMs: number }) {
        requests.push(now);
        const there = server();
        if (there === 'nobody') throw refusal('ECONNREFUSED');
        if (there === 'hangs') {
          now += timeoutMs;
          throw refusal('ETIMEDOUT');
        }
        const [status, body] = there[new URL(url).pathname] ?? [404, ''];
        return { status, headers: {}, body };
      },
      async dialTcp() {
        knocks.push(now);
        return server() !== 'nobody';
      },
    },
  } as unknown as Pick<Host, 'http' | 'clock'>;
  const measured = await watch(host, watched, orders, () => undefined);
  return { requests, knocks, measured };
}

describe('how long it was away', () => {
  test.each<[string, readonly (readonly [number, Server])[], unknown, unknown]>([
    [
      'refused until the new version is ready',
      [
        [0, UP],
        [1_012, 'nobody'],
        [2_001, UP],
      ],
      990,
      990,
    ],
    [
      'ready only some time after it is there',
      [
        [0, UP],
        [1_012, 'nobody'],
        [2_001, DRAINS],
        [2_500, UP],
      ],
      1_490,
      990,
    ],
    [
      'it answers while it drains, but is not ready',
      [
        [0, UP],
        [1_001, DRAINS],
        [1_500, 'nobody'],
        [2_000, UP],
      ],
      900,
      500,
    ],
    [
      'a page where a word was asked for',
      [
        [0, UP],
        [1_012, 'nobody'],
        [2_001, PAGE],
        [2_500, UP],
      ],
      1_490,
      990,
    ],
    [
      'it accepts and says nothing',
      [
        [0, UP],
        [1_012, 'hangs'],
        [2_990, UP],
      ],
      expect.any(Number),
      expect.any(Number),
    ],
    [
      'it never comes back',
      [
        [0, UP],
        [1_012, 'nobody'],
      ],
      undefined,
      undefined,
    ],
    ['it never went', [[0, UP]], undefined, undefined],
    [
      'it was away already',
      [
        [0, 'nobody'],
        [2_000, UP],
      ],
      undefined,
      undefined,
    ],
  ])('%s', async (_name, servers, ready, alive) => {
    const { measured } = await seen(servers);
    expect([measured.ready?.ms, measured.alive?.ms]).toEqual([ready, alive]);
  });

  test('either version may have its own good answer', async () => {
    const says = (version: string): Server => ({ '/ready': [200, `{"version":"${version}"}`] });
    const ready = ['v1', 'v2'].map((version) => question('/ready', { json: { version } }));
    const servers = [
      [0, says('v1')],
      [1_012, 'nobody'],
      [2_001, says('v3')],
      [2_500, says('v2')],
    ] as const;
    const { measured } = await seen(servers, { watched: { ready, alive: [] } });
    expect(measured).toEqual({ ready: { ms: 1_490, resolutionMs: expect.any(Number) }, alive: undefined });
  });
});

test('what answers is asked ten times a second at most; what refuses every 5 ms, without a request', async () => {
  const { requests, knocks } = await seen([
    [0, UP],
    [1_012, 'nobody'],
    [2_001, UP],
  ]);
  const per = (times: readonly number[], from: number, to: number) =>
    times.filter((at) => at >= from && at < to).length;
  expect(per(requests, 0, 1_000)).toBe(20);
  expect(per(requests, 1_020, 2_000)).toBe(0);
  expect(per(requests, 2_000, 3_000)).toBe(20);
  expect(per(knocks, 0, 1_000)).toBe(0);
  expect(per(knocks, 1_020, 2_000)).toBe(196);
});

test('after the order to stop bare connections show when it goes, for a second; none where TLS is spoken', async () => {
  const plain = await seen([
    [0, UP],
    [2_950, 'nobody'],
    [3_500, UP],
  ]);
  expect(plain.knocks.filter((at) => at < 2_900)).toHaveLength(200);
  const tls: Watched = { ready: [question('/ready', { body: 'ready' }, 'https://127.0.0.1:443')], alive: [] };
  const { knocks, measured } = await seen(
    [
      [0, UP],
      [1_012, 'nobody'],
      [2_001, UP],
    ],
    { watched: tls },
  );
  expect(knocks.filter((at) => at < 1_100)).toHaveLength(0);
  expect(measured.ready?.ms).toBe(905);
});
