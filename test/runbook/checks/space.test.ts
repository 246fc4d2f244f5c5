import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { SpaceNeed, UpgradeSizes } from '../../../src/data/space.ts';
import type { Checked } from '../../../src/runbook/checks/check.ts';
import { checkSpace } from '../../../src/runbook/checks/space.ts';
import { looked } from './scene.ts';

const MIB = 2 ** 20;
const NEED: SpaceNeed = {
  device: '1',
  path: '/data',
  needed: 100 * MIB,
  free: 10 ** 12,
  freeInodes: 10 ** 6,
  readOnly: false,
};

/** As if the file systems were such. */
async function on(needs: readonly SpaceNeed[]): Promise<Checked> {
  const scene = await looked();
  return { ...scene, found: { ...scene.found, rooms: { ...scene.found.rooms, space: async () => needs } } };
}

test('this machine has room for a small server, and says how much', async () => {
  const results = await checkSpace(await looked());
  expect(results.length).toBeGreaterThan(0);
  for (const result of results)
    expect(result).toMatchObject({
      code: 'low-space',
      severity: 'ok',
      measured: expect.stringMatching(/^[\d.]+ [KMGT]iB free at \//),
    });
});

test.each<[string, Partial<SpaceNeed>, object]>([
  ['enough', { free: 116 * MIB }, { severity: 'ok', remedy: 'nothing to do' }],
  ['a byte too little', { free: 116 * MIB - 1 }, { severity: 'inhibit', limit: '116 MiB for copies and new files' }],
  [
    'far too little',
    { free: 16 * MIB },
    { severity: 'inhibit', measured: '16.0 MiB free at /data', remedy: 'free 100 MiB there' },
  ],
  ['few inodes', { freeInodes: 999 }, { severity: 'inhibit', measured: '999 free inodes at /data', limit: '1000' }],
  ['no inode at all', { freeInodes: 0 }, { severity: 'inhibit', measured: '0 free inodes at /data' }],
  ['inodes that are not counted', { freeInodes: Number.MAX_SAFE_INTEGER }, { severity: 'ok' }],
  ['read-only', { readOnly: true }, { severity: 'inhibit', measured: '/data is read-only' }],
])('%s', async (_name, more, expected) => {
  expect(await checkSpace(await on([{ ...NEED, ...more }]))).toEqual([
    expect.objectContaining({ code: 'low-space', ...expected }),
  ]);
});

test('what is downloaded and the snapshot are asked for where the state lies', async () => {
  const scene = await looked();
  const asked: UpgradeSizes[] = [];
  const space = async (sizes: UpgradeSizes) => {
    asked.push(sizes);
    return [NEED];
  };
  await checkSpace({ ...scene, found: { ...scene.found, rooms: { ...scene.found.rooms, space } } });
  expect(asked[0]?.state.path).toBe(scene.bench.store.root);
  expect(asked[0]?.state.bytes).toBeGreaterThan(fs.statSync(scene.facts.database?.path ?? '').size);
});

test('each file system is judged by itself', async () => {
  const results = await checkSpace(await on([NEED, { ...NEED, path: '/usr', free: 0 }]));
  expect(results.map(({ severity }) => severity)).toEqual(['ok', 'inhibit']);
});
