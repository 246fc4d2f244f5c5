import type { Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress, gzip, zstdCompress } from 'node:zlib';
import type { Compression } from '../archives.ts';

/** One block becomes a frame (zstd) or member (gzip) of its own: whoever reads the format reads them one after the other. */
const BLOCK = 1024 * 1024;
/** Blocks at work at once. Node's one stream of zstd keeps to one processor, and several of its own threads crash it [24.21]. */
const AT_ONCE = 3;
const CHUNK = 512 * 1024;

/** Level 3, as `zstd` without a level; the checksum tells where an archive is damaged. */
const ZSTD = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };

/** Compresses in blocks, on every processor there is. */
export async function* compress(source: AsyncIterable<Uint8Array>, compression: Compression): AsyncGenerator<Buffer> {
  const spare: Buffer[] = [];
  const working: { readonly block: Buffer; readonly packed: Promise<Buffer> }[] = [];
  const take = async () => {
    const [first] = working.splice(0, 1);
    const packed = (await first?.packed) ?? Buffer.alloc(0);
    if (first !== undefined) spare.push(first.block);
    return packed;
  };
  for await (const { block, size } of blocksOf(source, () => spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK))) {
    const packed = pack(block.subarray(0, size), compression);
    // Awaited in its turn.
    packed.catch(() => undefined);
    working.push({ block, packed });
    if (working.length === AT_ONCE) yield await take();
  }
  while (working.length > 0) yield await take();
}

async function* blocksOf(source: AsyncIterable<Uint8Array>, next: () => Buffer) {
  let [block, size] = [next(), 0];
  for await (const part of source) {
    for (let taken = 0; taken < part.length; ) {
      const room = Math.min(BLOCK - size, part.length - taken);
      block.set(part.subarray(taken, taken + room), size);
      size += room;
      taken += room;
      if (size < BLOCK) continue;
      yield { block, size };
      [block, size] = [next(), 0];
    }
  }
  if (size > 0) yield { block, size };
}

function pack(block: Buffer, compression: Compression): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, packed: Buffer): void => (error === null ? resolve(packed) : reject(error));
    if (compression === 'gzip') gzip(block, { chunkSize: CHUNK }, done);
    else zstdCompress(block, { params: ZSTD, chunkSize: CHUNK, pledgedSrcSize: block.length }, done);
  });
}

/** The way back, as a stream to pipe through. It fails with an error of zlib's where the bytes are damaged or cut. */
export function decompressor(compression: Compression): Transform {
  return compression === 'gzip' ? createGunzip({ chunkSize: CHUNK }) : createZstdDecompress({ chunkSize: CHUNK });
}
