import { expect, test } from 'vitest';
import { Interrupted } from '../../../src/engine/step.ts';
import { awaitWindow } from '../../../src/runbook/steps/await-window.ts';
import type { World } from '../../../src/runbook/world.ts';
import { voyage } from '../voyage.ts';
import { bench, kindsOf, planned } from '../workbench.ts';

const NEVER = new AbortController().signal;
const NOON = Date.parse('2026-01-10T12:00:00Z');
const at = (seconds: number): string => new Date(NOON + seconds * 1_000).toISOString();

interface Told {
  readonly notes: string[];
  readonly slept: number[];
}

/** On a machine whose clock is at noon and goes on by what is slept, and by `jumps`: after so many sleeps, so many seconds. */
async function waiting(
  opening: { readonly notBefore?: string; readonly notAfter?: string },
  jumps: Readonly<Record<number, number>> = {},
): Promise<{ readonly world: World; readonly told: Told }> {
  const one = await bench({ started: false, shared: true });
  const world = await (await voyage(one, (await planned(one, opening)).plan)).world();
  const told: Told = { notes: [], slept: [] };
  let now = NOON;
  const clock = {
    ...world.host.clock,
    now: () => new Date(now),
    async sleep(ms: number, stop?: AbortSignal) {
      stop?.throwIfAborted();
      told.slept.push(ms);
      now += ms + (jumps[told.slept.length] ?? 0) * 1_000;
    },
  };
  const report: World['report'] = (progress) => void told.notes.push('text' in progress ? progress.text : '');
  return { world: { ...world, host: { ...world.host, clock }, report }, told };
}

const wait = ({ world }: { readonly world: World }, stop = NEVER) => awaitWindow.change(world, null, null, stop);

test('it waits by the wall clock in small slices, and says so once', async () => {
  const scene = await waiting({ notBefore: at(2.5) });
  await expect(wait(scene)).resolves.toEqual({ waitedMs: expect.any(Number) });
  expect(scene.told).toEqual({
    notes: ['waiting until 2026-01-10 12:00:02 UTC with the service running'],
    slept: [1_000, 1_000, 500],
  });
});

test('a clock that is set ahead or back meanwhile is believed', async () => {
  const ahead = await waiting({ notBefore: at(7_200) }, { 2: 7_200 });
  await wait(ahead);
  expect(ahead.told.slept).toHaveLength(2);
  const back = await waiting({ notBefore: at(2) }, { 1: -2 });
  await wait(back);
  expect(back.told.slept).toHaveLength(4);
});

test('what is open already is not waited for', async () => {
  const scene = await waiting({ notBefore: at(-1), notAfter: at(1) });
  await wait(scene);
  expect(scene.told).toEqual({ notes: [], slept: [] });
});

test.each([
  ['at once', { notAfter: at(-1) }, {}],
  ['by a clock that is set ahead over both', { notBefore: at(60), notAfter: at(120) }, { 1: 7_200 }],
])('too late %s: it turns back', async (_name, opening, jumps) => {
  await expect(wait(await waiting(opening, jumps))).rejects.toMatchObject({ code: 'E_WINDOW_MISSED' });
});

test('a pause ends the wait, and called again it waits on', async () => {
  const scene = await waiting({ notBefore: at(2) });
  const stop = AbortSignal.abort(new Interrupted('signal'));
  await expect(wait(scene, stop)).rejects.toBeInstanceOf(Interrupted);
  await wait(scene);
  expect(scene.told.slept).toEqual([1_000, 1_000]);
});

test('only where it was asked for, before anything is kept short, and with a fresh look after it', async () => {
  const one = await bench({ started: false, shared: true });
  const kinds = kindsOf((await planned(one, { notBefore: at(0) })).plan);
  const places = ['rehearse', 'await-window', 'baseline', 'hot-copy', 'arm-window'].map((kind) => kinds.indexOf(kind));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  const without = kindsOf((await planned(one)).plan);
  expect(without).not.toContain('await-window');
  expect(without.indexOf('baseline')).toBeLessThan(without.indexOf('copy-live'));
});
