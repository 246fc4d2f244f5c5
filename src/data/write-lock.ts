import { RefitError } from '../errors.ts';
import type { FileStat, Files } from '../host/files.ts';

/** Bytes that a writer has locked, of the log's index and of the database itself. Source: sqlite.org/walformat.html, os.h. */
const WAL_WRITE_LOCK = 120;
const RESERVED_BYTE = 0x4000_0001;
const MAX_BYTES = 16 * 1024 * 1024;
const LINE = /^\d+: POSIX +ADVISORY +WRITE (\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) (\d+) (\d+|EOF)$/gm;

/**
 * Processes that hold the write lock of a SQLite database just now. Only reads: to ask SQLite means to take the lock. Of another
 * pid namespace the kernel names none; a kernel that shows no locks at all tells of nobody. Source: proc_locks(5).
 */
export async function writersOf(files: Files, database: string): Promise<readonly number[]> {
  if ((await files.stat(database)) === undefined) return [];
  // SQLite keeps the log and its index beside the real file.
  const real = await files.realPath(database);
  const [base, index] = await Promise.all([files.stat(real), files.stat(`${real}-shm`)]);
  const wanted = [
    { stat: index, byte: WAL_WRITE_LOCK },
    { stat: base, byte: RESERVED_BYTE },
  ];
  const pids = [...(await locks(files)).matchAll(LINE)].flatMap(([, pid, major, minor, inode, first, last]) => {
    const covers = wanted.some(
      ({ stat, byte }) =>
        stat?.inode === BigInt(inode ?? 0) &&
        isOn(stat, Number.parseInt(major ?? '', 16), Number.parseInt(minor ?? '', 16)) &&
        Number(first) <= byte &&
        (last === 'EOF' || Number(last) >= byte),
    );
    return covers ? [Number(pid)] : [];
  });
  return [...new Set(pids)];
}

/** Of a file system without a device of its own (major 0: btrfs, overlay) the kernel shows others here than `stat` does. */
function isOn({ device }: FileStat, major: number, minor: number): boolean {
  // Source: gnu_dev_major(3), gnu_dev_minor(3).
  const own = {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)),
    minor: Number((device & 0xffn) | ((device >> 12n) & ~0xffn)),
  };
  return own.major === 0 || (own.major === major && own.minor === minor);
}

async function locks(files: Files): Promise<string> {
  try {
    return (await files.read('/proc/locks', { maxBytes: MAX_BYTES })).toString('latin1');
  } catch (error) {
    if (error instanceof RefitError) return '';
    throw error;
  }
}
