import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { appendTo } from './append.ts';
import { updateBlocks } from './blocks.ts';
import type { Effects } from './effects.ts';
import { fileEffect } from './file-effect.ts';
import type { Digest, Files, Ownership } from './files.ts';
import { own, SAFELY, syncDirectory, withFile, writeAll, writeInHalves } from './handle.ts';
import { receive } from './receive.ts';
import { sweepTemporaries, temporaryBeside } from './temporary.ts';

type FileWrites = Pick<
  Files,
  'writeAtomic' | 'writeNew' | 'receive' | 'updateBlocks' | 'appendDurable' | 'append' | 'truncate'
>;

type Data = Uint8Array | string | AsyncIterable<Uint8Array>;

const bytes = (data: Uint8Array | string): Uint8Array => (typeof data === 'string' ? Buffer.from(data) : data);

/** Creates a file that was not there, and takes it away again when `act` fails: half a file is nobody's. */
async function createWith<T>(path: string, owner: Ownership, act: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | SAFELY, 0o600);
  try {
    await own(handle, owner);
    const result = await act(handle);
    await handle.sync();
    return result;
  } catch (cause) {
    await unlink(path).catch(() => undefined);
    throw cause;
  } finally {
    await handle.close();
  }
}

async function writeAtomic(path: string, data: Data, owner: Ownership, middle: () => void): Promise<void> {
  const directory = dirname(path);
  await sweepTemporaries(directory);
  const temporary = temporaryBeside(path);
  await createWith(temporary, owner, (handle) => write(handle, data, middle));
  try {
    middle();
    await rename(temporary, path);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw cause;
  }
  await syncDirectory(directory);
}

/** `middle` after half of what is known whole, and after the first chunk of what is not. */
async function writeParts(handle: FileHandle, parts: AsyncIterable<Uint8Array>, middle: () => void): Promise<Digest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const part of parts) {
    await writeAll(handle, part);
    hash.update(part);
    if (size === 0) middle();
    size += part.length;
  }
  return { size, sha256: hash.digest('hex') };
}

async function writeWhole(handle: FileHandle, data: Uint8Array, middle: () => void): Promise<Digest> {
  await writeInHalves(handle, data, middle);
  return { size: data.length, sha256: createHash('sha256').update(data).digest('hex') };
}

function write(handle: FileHandle, data: Data, middle: () => void): Promise<Digest> {
  return typeof data === 'string' || data instanceof Uint8Array
    ? writeWhole(handle, bytes(data), middle)
    : writeParts(handle, data, middle);
}

export function fileWrites(effects: Effects): FileWrites {
  const writing = <T>(verb: string, path: string, act: (middle: () => void) => Promise<T>) =>
    fileEffect(effects, 'write', `${verb} ${path}`, path, act);
  return {
    writeAtomic: (path, data, owner) => writing('write', path, (middle) => writeAtomic(path, data, owner, middle)),
    writeNew: (path, data, owner) =>
      writing('create', path, (middle) => createWith(path, owner, (handle) => write(handle, data, middle))),
    receive: (path, stream, options) => writing('receive', path, (middle) => receive(path, stream, options, middle)),
    updateBlocks: (from, to, options = {}) =>
      writing('update the blocks of', to, (middle) => updateBlocks(from, to, options, middle)),
    appendDurable: (path, line) =>
      writing('append to', path, (middle) => appendTo(path, bytes(line), { mode: 0o600, durable: true, middle })),
    append: (path, text, mode) =>
      writing('append to', path, (middle) => appendTo(path, bytes(text), { mode, durable: false, middle })),
    truncate: (path, size) =>
      fileEffect(effects, 'change', `truncate ${path}`, path, () =>
        withFile(path, constants.O_WRONLY | SAFELY, async (handle) => {
          await handle.truncate(size);
          await handle.sync();
        }),
      ),
  };
}
