import { expect, test } from 'vitest';
import { nodeClock } from '../../src/host/node-clock.ts';

test('monotonic time does not go back', async () => {
  const before = nodeClock.monotonic();
  await nodeClock.sleep(1);
  expect(nodeClock.monotonic()).toBeGreaterThanOrEqual(before);
  expect(nodeClock.now()).toBeInstanceOf(Date);
});

test('sleeping ends with the reason of the signal, also one that fired before', async () => {
  const stop = new AbortController();
  const sleeping = nodeClock.sleep(1e6, stop.signal);
  stop.abort(new Error('paused'));
  await expect(sleeping).rejects.toThrow('paused');
  await expect(nodeClock.sleep(1, stop.signal)).rejects.toThrow('paused');
});

test('chance is as long as asked, and different each time', () => {
  expect(nodeClock.random(8)).toMatch(/^[0-9a-f]{16}$/);
  expect(nodeClock.random(8)).not.toBe(nodeClock.random(8));
});
