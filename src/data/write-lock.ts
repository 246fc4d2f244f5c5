import type { Files } from '../host/files.ts';

/** Bytes that a writer has locked, of the log's index and of the database itself. Source: sqlite.org/walformat.html, os.h. */
const WAL_WRITE_LOCK = 120;
const RESERVED_BYTE = 0x4000_0001;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Processes that hold the write lock of a SQLite database just now. Only reads: to ask SQLite means to take the lock. Of another
 * pid namespace the kernel names none. Source: proc_locks(5).
 */
export async function writersOf(files: Files, database: string): Promise<readonly number[]> {
  const [base, index] = await Promise.all([files.stat(database), files.stat(`${database}-shm`)]);
  const wanted = [
    { inode: index?.inode, byte: WAL_WRITE_LOCK },
    { inode: base?.inode, byte: RESERVED_BYTE },
  ];
  const locks = (await files.read('/proc/locks', { maxBytes: MAX_BYTES })).toString('latin1');
  const pids = [...locks.matchAll(/^\d+: POSIX +ADVISORY +WRITE (\d+) \S+:(\d+) (\d+) (\d+|EOF)$/gm)].flatMap(
    ([, pid, inode, first, last]) => {
      const covers = wanted.some(
        (one) =>
          one.inode === BigInt(inode ?? 0) && Number(first) <= one.byte && (last === 'EOF' || Number(last) >= one.byte),
      );
      return covers ? [Number(pid)] : [];
    },
  );
  return [...new Set(pids)];
}
