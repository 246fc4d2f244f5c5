import type { JournalFile } from '../../engine/journal.ts';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import type { RunPaths } from './paths.ts';

/** A journal of a large plan with every failure text is far below this. */
const MAX_JOURNAL_BYTES = 64 * 2 ** 20;

/** Enough for every record of a way back. */
export const RESERVE_BYTES = 2 ** 20;

/** A file of numbered lines on disk. */
export function linesFile(files: Files, path: string, maxBytes: number): JournalFile {
  return {
    path,
    async read() {
      const there = await files.stat(path);
      return there === undefined ? Buffer.alloc(0) : files.read(path, { maxBytes });
    },
    append: (line) => files.appendDurable(path, line),
    truncate: (bytes) => files.truncate(path, bytes),
  };
}

/** A run's journal on disk. On a full disk it gives the reserve back and tries once more (law 15). */
export function journalFile(files: Files, run: RunPaths): JournalFile {
  const file = linesFile(files, run.journal, MAX_JOURNAL_BYTES);
  return {
    ...file,
    async append(line) {
      try {
        await file.append(line);
      } catch (error) {
        if (!(error instanceof RefitError) || error.code !== 'E_NO_SPACE') throw error;
        await files.remove(run.reserve);
        await file.append(line);
      }
    },
  };
}
