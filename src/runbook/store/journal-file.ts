import type { JournalFile } from '../../engine/journal.ts';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import type { RunPaths } from './paths.ts';

/** A journal of a large plan with every failure text is far below this. */
const MAX_JOURNAL_BYTES = 64 * 2 ** 20;

/** Enough for every record of a way back. */
export const RESERVE_BYTES = 2 ** 20;

/** A run's journal on disk. On a full disk it gives the reserve back and tries once more (law 15). */
export function journalFile(files: Files, run: RunPaths): JournalFile {
  return {
    path: run.journal,
    async read() {
      const there = await files.stat(run.journal);
      return there === undefined ? Buffer.alloc(0) : files.read(run.journal, { maxBytes: MAX_JOURNAL_BYTES });
    },
    async append(line) {
      try {
        await files.appendDurable(run.journal, line);
      } catch (error) {
        if (!(error instanceof RefitError) || error.code !== 'E_NO_SPACE') throw error;
        await files.remove(run.reserve);
        await files.appendDurable(run.journal, line);
      }
    },
    truncate: (bytes) => files.truncate(run.journal, bytes),
  };
}
