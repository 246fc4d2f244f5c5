import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bench } from '../../scripts/bench/main.ts';
import { asFast, below, interleave, median, noLonger, side } from '../../scripts/bench/measure.ts';
import { BENCHES, benchOptions } from '../../scripts/bench/options.ts';
import { awayDuring } from '../../scripts/bench/prober.ts';
import { reportText } from '../../scripts/bench/report.ts';

describe('options', () => {
  test('no name means all', () => {
    expect(benchOptions([])).toEqual({ names: BENCHES, json: false, cases: [], rounds: 11, help: false });
  });
  test('names, each once, and --json anywhere', () => {
    expect(benchOptions(['fetch', '--json', 'startup', 'fetch'])).toEqual({
      names: ['fetch', 'startup'],
      json: true,
      cases: [],
      rounds: 11,
      help: false,
    });
  });
  test('cases of the window, and how often', () => {
    const argv = ['window', '--case', '1gb', '--case', 'sqlite', '--rounds', '3'];
    expect(benchOptions(argv)).toMatchObject({ names: ['window'], cases: ['1gb', 'sqlite'], rounds: 3 });
  });
  test.each([[['fast']], [['toString']], [['--jsn']], [['window', '--case', 'huge']], [['--rounds', '0']]])(
    '%j is refused',
    async (argv) => {
      expect(() => benchOptions(argv)).toThrow(/fast|toString|--jsn|huge|rounds/);
      expect(await bench(argv)).toBe(2);
    },
  );
});

describe('median', () => {
  test.each<[number[], number]>([
    [[3], 3],
    [[9, 1, 5], 5],
    [[10, 9, 100, 2], 9.5],
  ])('of %j is %d', (samples, expected) => {
    const before = [...samples];
    expect(median(samples)).toBe(expected);
    expect(samples).toEqual(before);
  });
  test('of nothing is an error', () => {
    expect(() => median([])).toThrow('no samples');
  });
});

describe('targets', () => {
  const ours = side('ours', [90, 100, 170]);
  const peer = side('peer', [50, 60, 40]);
  test('no longer: the factor and the addition are of the median', () => {
    expect(noLonger('away', ours, peer, { times: 1.5, plus: 25 })).toMatchObject({ value: 100, limit: 100, met: true });
    expect(noLonger('away', ours, peer, { plus: 49 })).toMatchObject({ limit: 99, met: false });
  });
  test('as fast: the peer takes 100 % of its own time', () => {
    expect(asFast('speed', ours, peer, 50)).toMatchObject({ value: 50, limit: 50, met: true });
    expect(asFast('speed', ours, peer, 51)).toMatchObject({ met: false });
    expect(asFast('speed', peer, ours, 100)).toMatchObject({ value: 200, met: true });
  });
  test('below: one sample too many is enough', () => {
    expect(below('memory', ours, 170)).toMatchObject({ value: 170, met: false });
    expect(below('memory', ours, 171)).toMatchObject({ met: true });
  });
});

test('sides take turns, every other round backwards', async () => {
  const order: string[] = [];
  const of = (name: string) => async () => order.push(name);
  expect(await interleave(3, { a: of('a'), b: of('b') })).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
  expect(order).toEqual(['a', 'b', 'b', 'a', 'a', 'b']);
});

test('the report says whether the target was met, the numbers, and every sample', () => {
  const measures = [noLonger('away', side('refit', [1, 2.345, 30]), side('plain', [100, 100, 100]), { plus: 50 })];
  expect(reportText({ bench: 'window', notes: ['on this machine'], measures })).toBe(`window
  on this machine

  away: met: 2.35 ms, at most 150 ms (at most plain + 50 ms)
    refit  median 2.35 ms  of 1.00 2.35 30.0
    plain  median 100 ms  of 100 100 100
`);
  expect(reportText({ bench: 'x', notes: [], measures: [{ ...measures[0], met: false } as never] })).toContain(
    'away: NOT MET',
  );
});

describe('the prober', () => {
  let port = 0;
  async function serving(body = 'ready'): Promise<Server> {
    const server = createServer((_request, response) => response.end(body));
    await once(server.listen(port, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
    onTestFinished(() => void server.close());
    return server;
  }

  test('counts nothing while the server answers', async () => {
    await serving();
    expect(await awayDuring('127.0.0.1', port, async () => undefined)).toBe(0);
  });

  test('counts an absence to its end, also one that outlasts the act', async () => {
    const first = await serving();
    const away = await awayDuring('127.0.0.1', port, async () => {
      await once(first.close(), 'close');
      setTimeout(() => void serving(), 300);
    });
    expect(away).toBeGreaterThan(0);
  });

  test('takes no other body for ready', async () => {
    const first = await serving();
    let wrong: Server | undefined;
    const away = await awayDuring('127.0.0.1', port, async () => {
      await once(first.close(), 'close');
      wrong = await serving('a page that says already');
      setTimeout(() => wrong?.close(() => void serving()), 300);
    });
    expect(away).toBeGreaterThan(0);
  });

  test('hands on what the act failed of', async () => {
    await serving();
    const failing = awayDuring('127.0.0.1', port, () => Promise.reject(new Error('no such verb')));
    await expect(failing).rejects.toThrow('no such verb');
  });
});
