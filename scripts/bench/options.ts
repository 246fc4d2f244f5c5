import { parseArgs } from 'node:util';
import { CASES } from './window-cases.ts';

export const BENCHES = ['startup', 'verify', 'fetch', 'bundle', 'backup', 'window'] as const;
/** Odd, so that the median is one of them. */
const ROUNDS = 11;

export type BenchName = (typeof BENCHES)[number];

export interface BenchOptions {
  readonly names: readonly BenchName[];
  readonly json: boolean;
  /** Of `window`; none: all. */
  readonly cases: readonly string[];
  /** Of each benchmark, and of each case of `window`. */
  readonly rounds: number;
  readonly help: boolean;
}

export const HELP = `usage: npm run bench -- [NAME…] [--case CASE…] [--rounds N] [--json]

  startup      refit --version and refit status, against a bare Node
  verify       the digest of 1 GB, against sha256sum
  fetch        2 GB over loopback, against curl and sha256sum; peak memory; what
               is sent twice when the line is cut five times
  bundle       100 MB made into one file and verified, against tar and sha256sum
  backup       the copy and the archive of 1 GB, against cp -a and tar --zstd; peak
               memory
  window       the downtime of an upgrade as the data grows, against systemctl
               restart (root, systemd, 40 GB of disk; half an hour)
               --case ${CASES.map(({ id }) => id).join(' | ')}: only that; may be repeated
               --rounds 11: of each benchmark, and of each case

Without a name all of them. Prints medians, every sample, and whether the target was met; the exit status is 0 if it could
measure. --json: one object per benchmark on stdout, a line each: bytes is how much data there was; medians and samples are in
milliseconds, of memory in MB.
`;

/** Throws an Error for people on anything it does not know. */
export function benchOptions(argv: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      case: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const unknown = positionals.find((name) => !isBench(name));
  if (unknown !== undefined) throw new Error(`Unknown benchmark ${unknown}: expected ${BENCHES.join(', ')}`);
  const cases = values.case ?? [];
  const stray = cases.find((id) => !CASES.some((each) => each.id === id));
  if (stray !== undefined) throw new Error(`Unknown case ${stray}: expected ${CASES.map(({ id }) => id).join(', ')}`);
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`Unknown number of rounds ${values.rounds}`);
  const names = positionals.filter(isBench);
  return {
    names: names.length === 0 ? BENCHES : [...new Set(names)],
    json: values.json ?? false,
    cases,
    rounds,
    help: values.help ?? false,
  };
}

function isBench(name: string): name is BenchName {
  return (BENCHES as readonly string[]).includes(name);
}
