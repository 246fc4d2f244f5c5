import { parseArgs } from 'node:util';

/** How the newest release can be broken → the status refit must end with. */
export const BREAKS = { migration: 4, boot: 7, health: 7, checksum: 6 } as const;
export type DemoBreak = keyof typeof BREAKS;

export interface DemoOptions {
  readonly break: DemoBreak | undefined;
  readonly keep: boolean;
  readonly help: boolean;
}

export const HELP = `usage: npm run demo -- [--break MODE] [--keep]

Installs a sample server in a temporary directory, upgrades it with refit, and
removes everything again. No root, no systemd, nothing outside the directory.

  --break migration   its migration fails on the data that is there: met in
                      its rehearsal on a copy, before anything is touched
  --break boot        the new version does not start
  --break health      it starts, and never becomes ready
  --break checksum    the download is not what checksums.txt says
  --keep              leave the server running, to try more commands on it
`;

/** Throws an Error for people on anything it does not know. */
export function demoOptions(argv: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      break: { type: 'string' },
      keep: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const mode = values.break;
  if (mode !== undefined && !isBreak(mode)) {
    throw new Error(`Unknown way to break a release "${mode}": expected ${Object.keys(BREAKS).join(', ')}`);
  }
  return { break: mode, keep: values.keep ?? false, help: values.help ?? false };
}

function isBreak(mode: string): mode is DemoBreak {
  return Object.hasOwn(BREAKS, mode);
}
