import { expect, test } from 'vitest';
import { type EstimateInput, estimate } from '../../src/runbook/estimate.ts';
import type { PastRun } from '../../src/runbook/past-run.ts';

const MIB = 2 ** 20;

function run(steps: Readonly<Record<string, number>>, more: Partial<PastRun> = {}): PastRun {
  return { stepMs: new Map(Object.entries(steps)), windowMs: 200, dataBytes: 100 * MIB, ...more };
}

function asked(more: Partial<EstimateInput> = {}): EstimateInput {
  const kinds = ['download', 'snapshot', 'hot-copy', 'stop', 'start', 'verify-health'];
  return { kinds, hops: 1, past: [], dataBytes: 100 * MIB, bytesPerSecond: undefined, soakMs: 30_000, ...more };
}

const PAST = run({ download: 60_000, 'hot-copy': 20_000, snapshot: 10_000, 'verify-health': 31_000 });

test('nothing is known: nothing is claimed', () => {
  expect(estimate(asked())).toBeUndefined();
});

test('the last run, with as much data as then', () => {
  expect(estimate(asked({ past: [PAST] }))).toEqual({ seconds: 120, windowMs: 200, because: 'as in the last run' });
});

test('what takes longer with more data is scaled, and nothing else', () => {
  expect(estimate(asked({ past: [PAST], dataBytes: 200 * MIB }))?.seconds).toBe(150);
  expect(estimate(asked({ past: [PAST], dataBytes: 50 * MIB }))?.seconds).toBe(110);
});

test('steps that this plan does not have, and a wait somebody chose, are not counted', () => {
  const waited = run({ ...Object.fromEntries(PAST.stepMs), 'await-window': 9_000_000, rehearse: 50_000 });
  const kinds = [...asked().kinds, 'await-window'];
  expect(estimate(asked({ past: [waited], kinds }))?.seconds).toBe(120);
});

test('a plan of several hops takes as long as so many runs', () => {
  expect(estimate(asked({ past: [PAST], hops: 3 }))).toMatchObject({ seconds: 360, windowMs: 600 });
  expect(estimate(asked({ bytesPerSecond: 1_000 * MIB, hops: 3 }))?.seconds).toBe(90);
});

test('the median of the last five, of those that know it', () => {
  const of = (seconds: number, windowMs: number | undefined) => run({ download: seconds * 1_000 }, { windowMs });
  const past = [of(20, 100), of(500, undefined), of(30, 300), of(10, 200), of(40, undefined), of(9_000, 9_000)];
  expect(estimate(asked({ past }))).toEqual({ seconds: 30, windowMs: 200, because: 'as in the last 5 runs' });
  expect(estimate(asked({ past: past.slice(0, 2) }))).toMatchObject({ seconds: 260, windowMs: 100 });
  expect(estimate(asked({ past: [of(500, undefined)] }))).toMatchObject({ windowMs: null });
});

test('a run with next to no data says nothing of one with much', () => {
  const small = run({ 'hot-copy': 50 }, { dataBytes: 1_000 });
  expect(estimate(asked({ past: [small] }))).toBeUndefined();
  expect(estimate(asked({ past: [small], dataBytes: MIB }))?.seconds).toBe(1);
  expect(estimate(asked({ past: [run({ download: 3_000 }, { dataBytes: undefined })] }))?.seconds).toBe(3);
});

test('no run yet: what each pass over the data takes, and the watch; the window is not known', () => {
  expect(estimate(asked({ bytesPerSecond: 10 * MIB }))).toEqual({
    // Two passes that read and write it.
    seconds: 70,
    windowMs: null,
    because: 'from how fast its data can be read: no such run here yet',
  });
});
