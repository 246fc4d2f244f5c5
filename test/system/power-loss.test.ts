import { expect, test } from 'vitest';
import { type Cut, cutPower } from './support/power.ts';

const ALL = ['state', 'data', 'binaries', 'units'] as const;

const CUTS: readonly Cut[] = [
  { point: 'run.begin', during: 'upgrade', disks: ALL },
  { point: 'step.end unpack', during: 'upgrade', disks: ALL },
  { point: 'step.end arm-window', during: 'upgrade', disks: ALL, down: true },
  { point: 'step.end copy-data', during: 'upgrade', disks: ALL, down: true },
  { point: 'rename /usr/local/bin/dockmesh', during: 'upgrade', disks: ALL, down: true },
  { point: 'step.end swap-files', during: 'upgrade', disks: ALL, down: true },
  { point: 'step.end start', during: 'upgrade', disks: ALL },
  { point: 'hop.commit', during: 'upgrade', disks: ALL },
  { point: 'step.end verify-health', during: 'upgrade, then rollback', disks: ALL },
  { point: 'undo.end swap-files', during: 'failure', disks: ALL, down: true },
  { point: 'rename data-0-entering', during: 'failure', disks: ALL, down: true },
  { point: 'undo.end copy-data', during: 'failure', disks: ALL, down: true },
  { point: 'rename data-0-ready', during: 'rollback', disks: ALL },
  { point: 'rename data-0-entering', during: 'rollback', disks: ALL, down: true },
  { point: 'step.end restore-data', during: 'rollback', disks: ALL, down: true },
  { point: 'step.end restore-files', during: 'rollback', disks: ALL, down: true },
];

const describe = ({ point, during, disks }: Cut): string =>
  `${during}, at ${point}, of the disks for ${disks.join(', ')}`;

test.each(CUTS.map((cut) => ({ name: describe(cut), cut })))(
  'the power goes in $name: wholly new or wholly old',
  async ({ cut }) => {
    expect(await cutPower(cut)).toBeUndefined();
  },
);
