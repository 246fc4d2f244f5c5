import type { DataHost } from './listing.ts';

/** Shared and writable: `7f00-7f01 rw-s 00000000 fd:00 1234 /path`. Source: proc_pid_maps(5). */
const WRITABLE = '^[^ ]* .w.s ';

/**
 * Inodes of the files that any process has mapped to write, in decimal; of which file system does not matter. The kernel notes the
 * mtime when a page becomes dirty, not at each write to it, so `stat` does not tell whether they change.
 */
export async function mappedInodes({ commands }: DataHost): Promise<ReadonlySet<string>> {
  // Processes that end meanwhile make find and grep complain.
  const { stdout } = await commands.query(
    [
      'find',
      '/proc',
      '-mindepth',
      '2',
      '-maxdepth',
      '2',
      '-path',
      '/proc/[0-9]*/maps',
      '-exec',
      'grep',
      '-hs',
      WRITABLE,
      '{}',
      '+',
    ],
    { timeoutMs: 60_000, maxOutput: 64 * 1024 * 1024 },
  );
  return new Set(stdout.split('\n').flatMap((line) => line.split(/ +/)[4] ?? []));
}
