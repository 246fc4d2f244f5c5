import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { BlocksOptions, BlocksUpdated } from './files.ts';
import { SAFELY, withFile } from './handle.ts';

/** What one digest of a file's blocks is of. Frozen: manifests hold digests of digests of such blocks. */
export const BLOCK = 1024 * 1024;
/** What a hole and a dirty page are made of: what is the same is not written, so a copy keeps its holes. */
const PAGE = 4096;
const DIGEST = 32;
/** As many as Node has threads to read with; in the background one block is read while another is hashed. */
const LANES = 4;
const BACKGROUND_LANES = 2;
/** Used again: V8 lets dead ones pile up, of each file as many. */
const spare: Buffer[] = [];

const READ = constants.O_RDONLY | SAFELY;

/** See `Files.blockDigests`. */
export function blockDigests(path: string): Promise<Uint8Array> {
  return withFile(path, READ, async (handle) => {
    const parts: Buffer[] = [];
    let [block, next] = [takeBlock(), takeBlock()];
    let reading = readBlock(handle, block, 0);
    for (let at = BLOCK; ; at += BLOCK) {
      const length = await reading;
      // The next is read while this one is hashed.
      reading = length < BLOCK ? Promise.resolve(0) : readBlock(handle, next, at);
      reading.catch(() => undefined);
      if (length > 0) parts.push(digestOf(block.subarray(0, length)));
      if (length < BLOCK) break;
      [block, next] = [next, block];
    }
    spare.push(block, next);
    return Buffer.concat(parts);
  });
}

/** See `Files.updateBlocks`. */
export function updateBlocks(
  from: string,
  to: string,
  options: BlocksOptions,
  middle: () => void,
): Promise<BlocksUpdated> {
  return withFile(from, READ, (source) =>
    withFile(to, constants.O_RDWR | SAFELY, (copy) => update(source, copy, options, middle)),
  );
}

async function update(
  source: FileHandle,
  copy: FileHandle,
  { known, background = false, bytesPerSecond }: BlocksOptions,
  middle: () => void,
): Promise<BlocksUpdated> {
  const { size } = await source.stat();
  const digests = Buffer.alloc(Math.ceil(size / BLOCK) * DIGEST);
  const begun = performance.now();
  let [next, written, isTorn] = [0, 0, false];

  const lane = async (): Promise<void> => {
    const [block, kept] = [takeBlock(), takeBlock()];
    while (next * BLOCK < size) {
      const index = next;
      next += 1;
      const at = index * BLOCK;
      const expected = Math.min(BLOCK, size - at);
      const [length, had] = await Promise.all([readBlock(source, block, at), readBlock(copy, kept, at)]);
      const wanted = block.subarray(0, Math.min(length, expected));
      // It shrank under our eyes: these digests are of nothing that anybody has.
      isTorn ||= wanted.length < expected;
      kept.fill(0, had);
      const isSame = wanted.equals(kept.subarray(0, wanted.length));
      // Of a last block that was shorter or longer the digest is another, though it may be the same as far as it goes.
      const old = isSame && had === wanted.length ? known?.subarray(index * DIGEST, (index + 1) * DIGEST) : undefined;
      digests.set(old?.length === DIGEST ? old : digestOf(wanted), index * DIGEST);
      if (!isSame) {
        const isFirst = written === 0;
        written += await writePages(copy, wanted, kept, at);
        if (isFirst) middle();
      }
      if (bytesPerSecond !== undefined) await pace(begun, next * BLOCK, bytesPerSecond);
    }
    // Not after an error: a read of another lane may still be under way.
    spare.push(block, kept);
  };
  await Promise.all(Array.from({ length: background ? BACKGROUND_LANES : LANES }, lane));
  if ((await copy.stat()).size !== size) await copy.truncate(size);
  return { digests: isTorn ? undefined : digests, written };
}

function takeBlock(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
}

/** Runs of pages that differ, each by one write. */
async function writePages(copy: FileHandle, wanted: Buffer, kept: Buffer, at: number): Promise<number> {
  let written = 0;
  for (let from = 0; from < wanted.length; from += PAGE) {
    if (isSamePage(wanted, kept, from)) continue;
    let to = from + PAGE;
    while (to < wanted.length && !isSamePage(wanted, kept, to)) to += PAGE;
    const end = Math.min(to, wanted.length);
    await writeAt(copy, wanted.subarray(from, end), at + from);
    written += end - from;
    from = to - PAGE;
  }
  return written;
}

function isSamePage(wanted: Buffer, kept: Buffer, at: number): boolean {
  const end = Math.min(at + PAGE, wanted.length);
  return wanted.compare(kept, at, end, at, end) === 0;
}

/** As `writeAll`, at a place of its own: several lanes write to one file. */
async function writeAt(handle: FileHandle, data: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, at + done);
    if (bytesWritten === 0) throw Object.assign(new Error('wrote nothing'), { code: 'EIO' });
    done += bytesWritten;
  }
}

/** A whole block, or up to the end of the file: a read may return less than there is. */
async function readBlock(handle: FileHandle, block: Buffer, at: number): Promise<number> {
  let length = 0;
  while (length < BLOCK) {
    const { bytesRead } = await handle.read(block, length, BLOCK - length, at + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

function digestOf(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

async function pace(begun: number, bytes: number, bytesPerSecond: number): Promise<void> {
  const ahead = (bytes / bytesPerSecond) * 1000 - (performance.now() - begun);
  if (ahead > 1) await setTimeout(ahead);
}
