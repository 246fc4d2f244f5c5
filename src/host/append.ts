import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './errno.ts';
import { SAFELY, syncDirectory, writeInHalves } from './handle.ts';

interface Append {
  /** Of a file that was not there, whatever the umask. */
  readonly mode: number;
  /** The bytes, and the name of a new file, are on the disk when it resolves. */
  readonly durable: boolean;
  readonly middle: () => void;
}

const APPEND = constants.O_WRONLY | constants.O_APPEND | SAFELY;

async function openOrCreate(path: string, mode: number): Promise<{ handle: FileHandle; created: boolean }> {
  try {
    return { handle: await open(path, APPEND), created: false };
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT') throw cause;
  }
  const handle = await open(path, APPEND | constants.O_CREAT | constants.O_EXCL, 0o600);
  await handle.chmod(mode);
  return { handle, created: true };
}

/** All of `data` at the end, or nothing of it. */
export async function appendTo(path: string, data: Uint8Array, { mode, durable, middle }: Append): Promise<void> {
  const { handle, created } = await openOrCreate(path, mode);
  try {
    const { size } = await handle.stat();
    try {
      await writeInHalves(handle, data, middle);
      if (durable) await handle.datasync();
    } catch (cause) {
      // What a full disk took of a line would stand in front of the next one: a journal damaged in its middle is refused,
      // one that lacks its last line is not.
      await handle.truncate(size).catch(() => undefined);
      throw cause;
    }
    if (created && durable) await syncDirectory(dirname(path));
  } finally {
    await handle.close();
  }
}
