import type { Generation } from './data.ts';

export type Compression = 'zstd' | 'gzip';

/** A generation in one file: a pax tar of its folder, compressed; any tar unpacks it. */
export interface ArchiveFile {
  readonly path: string;
  readonly compression: Compression;
}

export interface ArchiveOptions {
  readonly stop?: AbortSignal | undefined;
  /** Bytes of the archive so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

export interface Archived {
  /** Of the file, compressed. */
  readonly bytes: number;
  readonly sha256: string;
  /** Files, directories and links. */
  readonly members: number;
  readonly ms: number;
}

/** What an archive must be to be believed. `sha256`: of the file; `manifestSha256`: of the data's manifest in it. */
export interface Expected {
  readonly sha256?: string | undefined;
  readonly manifestSha256?: string | undefined;
}

/** Generations as one file each, and back. Needs GNU tar, as a child of the lowest priority. */
export interface Archives {
  /** The bytes that `make` would write, as they are made: whole only if the iteration ends without an error. */
  stream(generation: Generation, compression: Compression, stop?: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * Writes `<path>.part`, 0600, synced, then renames it to `path`. After an error neither is there; what a killed call left is
   * replaced. Rejects with E_NO_SPACE, E_ARCHIVE_UNSAFE where the generation holds a device.
   */
  make(generation: Generation, file: ArchiveFile, options?: ArchiveOptions): Promise<Archived>;

  /**
   * Unpacks into `generation.root`, which is made anew, 0700, and proves every file by the manifests in the archive. What is in it is
   * believed of nobody: names that lead out of the folder, links out of it to write through, and devices never reach tar.
   * After an error nothing is left. Rejects with E_DIGEST_MISMATCH, E_ARCHIVE_INVALID where it is damaged or cut, with the place,
   * E_ARCHIVE_UNSAFE.
   */
  unpack(file: ArchiveFile, generation: Generation, expected?: Expected): Promise<void>;
}
