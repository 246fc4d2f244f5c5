import { expect, test } from 'vitest';
import { type TransferPace, transferMeter } from '../../src/runbook/transfer-meter.ts';

const MIB = 2 ** 20;

/** Tells a meter of a transfer that goes on from `from` with a steady rate; what it says at the end. */
function after(seconds: number, bytesPerSecond: number, from: number, total: number | undefined) {
  let now = 0;
  const meter = transferMeter({ monotonic: () => now });
  let pace: TransferPace | undefined;
  for (; now <= seconds * 1000; now += 100) pace = meter(from + (bytesPerSecond * now) / 1000, total);
  return pace;
}

test('says nothing in the first second', () => {
  expect(after(0.9, 50_000, 0, MIB)).toBeUndefined();
});

test('what was there before is no speed', () => {
  expect(after(10, 50_000, 300 * MIB, 400 * MIB)).toEqual({ bytesPerSecond: 50_000, remainingMs: 2_087_152 });
});

test('without a length there is a speed, and no end', () => {
  expect(after(10, 50_000, 0, undefined)).toEqual({ bytesPerSecond: 50_000, remainingMs: undefined });
});

test('a line that has become slower is noticed within its window', () => {
  let now = 0;
  let done = 0;
  const meter = transferMeter({ monotonic: () => now });
  const go = (seconds: number, rate: number) => {
    let pace: TransferPace | undefined;
    for (const end = now + seconds * 1000; now < end; now += 100) {
      done += rate / 10;
      pace = meter(done, undefined);
    }
    return pace?.bytesPerSecond;
  };
  expect(go(60, 1_000_000)).toBe(1_000_000);
  expect(go(25, 50_000)).toBe(50_000);
});

test('a transfer that begins anew is measured anew', () => {
  let now = 0;
  const meter = transferMeter({ monotonic: () => now });
  for (; now < 5_000; now += 100) meter(now * 1000, 10 * MIB);
  expect(meter(10, 10 * MIB)).toBeUndefined();
  now += 2_000;
  expect(meter(20_010, 10 * MIB)).toMatchObject({ bytesPerSecond: 10_000 });
});
