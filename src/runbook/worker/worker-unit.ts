import type { Argv } from '../../host/commands.ts';

export interface WorkerUnit {
  readonly installation: string;
  /** The product's unit: a shutdown stops it after the worker. */
  readonly unit: string;
}

/** The unit of whoever works on an installation: there is one, as there is one lock. */
export const workerUnit = (installation: string): string => `refit-${installation}`;

/** Starts `argv` as that unit; refused while it exists. `options` of systemd-run come on top. */
export function workerCommand({ installation, unit }: WorkerUnit, argv: Argv, ...options: readonly string[]): Argv {
  const properties = ['KillMode=mixed', `After=${unit}`, 'TimeoutStopSec=120', `Description=refit of ${installation}`];
  return [
    'systemd-run',
    '--collect',
    '--quiet',
    '--service-type=exec',
    `--unit=${workerUnit(installation)}`,
    ...options,
    ...properties.map((property) => `--property=${property}`),
    '--',
    ...argv,
  ];
}
