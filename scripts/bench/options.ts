import { parseArgs } from 'node:util';

export const BENCHES = ['startup', 'verify', 'fetch', 'window', 'window-data'] as const;
export type BenchName = (typeof BENCHES)[number];

export interface BenchOptions {
  readonly names: readonly BenchName[];
  readonly json: boolean;
  readonly help: boolean;
}

export const HELP = `usage: npm run bench -- [NAME…] [--json]

  startup      refit --version and refit status, against a bare Node
  verify       the digest of 1 GB, against sha256sum
  fetch        2 GB over loopback, against curl and sha256sum; peak memory
  window       the downtime of an upgrade, against systemctl restart (root and
               systemd)
  window-data  the same with up to 4 GB of data and 200,000 files; minutes, 30 GB

Without a name all of them. Prints medians, every sample, and whether the target was met; the exit status is 0 if it could
measure. --json: one object per benchmark on stdout, a line each.
`;

/** Throws an Error for people on anything it does not know. */
export function benchOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const unknown = positionals.find((name) => !isBench(name));
  if (unknown !== undefined) throw new Error(`Unknown benchmark ${unknown}: expected ${BENCHES.join(', ')}`);
  const names = positionals.filter(isBench);
  return {
    names: names.length === 0 ? BENCHES : [...new Set(names)],
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function isBench(name: string): name is BenchName {
  return (BENCHES as readonly string[]).includes(name);
}
