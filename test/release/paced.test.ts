import { expect, test } from 'vitest';
import { paced } from '../../src/release/paced.ts';

/** A clock that only moves when somebody sleeps, or `pass`es the time. */
function still() {
  let now = 1_000;
  return {
    monotonic: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    async sleep(ms: number, stop?: AbortSignal) {
      stop?.throwIfAborted();
      now += ms;
    },
  };
}

async function* chunks(count: number, bytes: number, between: () => void = () => undefined) {
  for (let index = 0; index < count; index += 1) {
    yield Buffer.alloc(bytes, index);
    between();
  }
}

test('no byte is lost or added, and all of them take as long as the rate says', async () => {
  const clock = still();
  const got: Uint8Array[] = [];
  for await (const chunk of paced(chunks(100, 5_000), clock, 50_000, undefined)) got.push(chunk);
  expect(Buffer.concat(got)).toHaveLength(500_000);
  expect(clock.monotonic() - 1_000).toBeCloseTo(10_000);
});

test('a line that is slower is not made to wait', async () => {
  const clock = still();
  for await (const _ of paced(
    chunks(10, 1_000, () => clock.pass(1_000)),
    clock,
    50_000,
    undefined,
  ));
  expect(clock.monotonic() - 1_000).toBeCloseTo(10_000 + 10 * 20);
});

test('a silence is not made up for', async () => {
  const clock = still();
  let seen = 0;
  const silent = () => {
    seen += 1;
    if (seen === 1) clock.pass(60_000);
  };
  for await (const _ of paced(chunks(11, 50_000, silent), clock, 50_000, undefined));
  expect(clock.monotonic() - 1_000).toBeCloseTo(60_000 + 11_000);
});

test('a stop ends the waiting with its reason', async () => {
  const stop = new AbortController();
  const reading = (async () => {
    for await (const _ of paced(chunks(2, 10), still(), 10, stop.signal)) stop.abort(new Error('paused'));
  })();
  await expect(reading).rejects.toThrow('paused');
});
