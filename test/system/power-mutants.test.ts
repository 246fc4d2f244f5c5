import { expect, test } from 'vitest';
import type { Mutation } from '../support/mutant.ts';
import { type Cut, cutPower } from './support/power.ts';
import { scratch } from './support/releases.ts';
import { mutantTree } from './support/tree.ts';

/**
 * One sync left out of the sources, and where the power must go to show it. Only one disk loses what was not synced: on ext4
 * the next sync of any file brings the names of all of them to the disk, and would cover for the one that is missing.
 */
const MUTANTS: readonly { readonly name: string; readonly mutations: readonly Mutation[]; readonly cut: Cut }[] = [
  {
    name: 'a journal line is not synced',
    mutations: [{ file: 'src/host/append.ts', from: 'if (durable) await handle.datasync();', to: '' }],
    cut: { point: 'rename /usr/local/bin/dockmesh', during: 'upgrade', disks: ['state'], down: true },
  },
  {
    name: 'the directory of a swapped binary is not synced',
    mutations: [
      {
        file: 'src/layout/swap.ts',
        from: 'await syncDirectories(\n    files,\n    plans.map(({ path }) => path),\n  );',
        to: '',
      },
    ],
    cut: { point: 'hop.commit', during: 'upgrade', disks: ['binaries'] },
  },
  {
    name: 'a new file is not synced before its rename (binaries)',
    mutations: [
      { file: 'src/host/files-write.ts', from: 'await handle.sync();\n    return result;', to: 'return result;' },
      { file: 'src/layout/dress.ts', from: 'await files.sync(staged);', to: '' },
    ],
    cut: { point: 'hop.commit', during: 'upgrade', disks: ['binaries'] },
  },
  {
    name: 'a new file is not synced before its rename (the hold of the unit)',
    mutations: [
      { file: 'src/host/files-write.ts', from: 'await handle.sync();\n    return result;', to: 'return result;' },
    ],
    cut: { point: 'step.end swap-files', during: 'upgrade', disks: ['units'], down: true },
  },
  {
    name: 'a new file is not synced before its rename (the list of a copy)',
    mutations: [
      { file: 'src/host/files-write.ts', from: 'await handle.sync();\n    return result;', to: 'return result;' },
    ],
    cut: { point: 'step.end verify-health', during: 'upgrade, then rollback', disks: ['data'] },
  },
  {
    name: 'the copy of the binaries is not synced',
    mutations: [{ file: 'src/layout/store.ts', from: 'await files.syncTree(tree);', to: '' }],
    cut: { point: 'step.end verify-health', during: 'upgrade, then rollback', disks: ['data'] },
  },
  {
    name: 'the hot copy of the data is not synced',
    mutations: [
      { file: 'src/data/hot-copy.ts', from: 'await syncNew(', to: 'void (' },
      // The one that is beside the digests.
      { file: 'src/data/hot-copy.ts', from: '    syncNew(\n', to: '    Promise.resolve(\n' },
    ],
    cut: { point: 'step.end verify-health', during: 'upgrade, then rollback', disks: ['data'] },
  },
  {
    name: 'what the window adds to the copy of the data is not synced',
    mutations: [
      {
        file: 'src/data/durable.ts',
        from: 'await Promise.all([...all].map((path) => files.sync(path)));',
        to: '',
      },
    ],
    cut: { point: 'step.end verify-health', during: 'upgrade, then rollback', disks: ['data'] },
  },
  {
    name: 'data that goes back is not synced',
    mutations: [{ file: 'src/data/staging.ts', from: 'await syncNew(', to: 'void (' }],
    cut: { point: 'undo.end copy-data', during: 'failure', disks: ['data'], down: true },
  },
  {
    name: 'the directory of a binary that went back is not synced',
    mutations: [
      { file: 'src/layout/restore.ts', from: 'await syncDirectories(files, await existing(files, parents));', to: '' },
    ],
    cut: { point: 'undo.end swap-files', during: 'failure', disks: ['binaries'], down: true },
  },
  {
    name: 'a binary that goes back is not synced',
    mutations: [{ file: 'src/layout/restore.ts', from: 'await files.sync(staged);', to: '' }],
    cut: { point: 'undo.end swap-files', during: 'failure', disks: ['binaries'], down: true },
  },
];

/** What the sources as they are make of a cut; asked once for each, though several mutants share it. */
const asIs = new Map<string, Promise<string | undefined>>();

test.each(MUTANTS)('it shows when $name', async ({ mutations, cut }) => {
  const key = JSON.stringify(cut);
  const whole = asIs.get(key) ?? cutPower(cut);
  asIs.set(key, whole);
  expect(await whole).toBeUndefined();
  expect(await cutPower(cut, mutantTree(scratch(), mutations))).toBeTypeOf('string');
});
