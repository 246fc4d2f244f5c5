import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { writeAll } from './handle.ts';

const BLOCK = 1024 * 1024;

/**
 * Gathers small chunks into blocks, hashes each while it is being written, and never holds more than two: a network
 * hands out 16 to 64 KiB at a time, and a system call for each costs more than the hashing.
 */
export class BlockWriter {
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #filling = Buffer.allocUnsafe(BLOCK);
  #spare = Buffer.allocUnsafe(BLOCK);
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle, hash: Hash) {
    this.#handle = handle;
    this.#hash = hash;
  }

  /** Resolves when the chunk is taken over; it waits while both blocks are full. */
  async push(chunk: Uint8Array): Promise<void> {
    let taken = 0;
    while (taken < chunk.length) {
      const room = Math.min(BLOCK - this.#filled, chunk.length - taken);
      this.#filling.set(chunk.subarray(taken, taken + room), this.#filled);
      this.#filled += room;
      taken += room;
      if (this.#filled === BLOCK) await this.#startBlock();
    }
  }

  /** Everything pushed is in the file, though not synced. */
  async flush(): Promise<void> {
    await this.#startBlock();
    await this.#writing;
  }

  async #startBlock(): Promise<void> {
    await this.#writing;
    const block = this.#filling.subarray(0, this.#filled);
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filled = 0;
    this.#writing = writeAll(this.#handle, block);
    // Awaited by the next call; until then a full disk must not count as an unhandled rejection.
    this.#writing.catch(() => undefined);
    this.#hash.update(block);
  }
}
