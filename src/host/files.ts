import type { Readable } from 'node:stream';

/** What `lstat` says of one path. Times in nanoseconds since the epoch, size in bytes. */
export interface FileStat {
  readonly type: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  /** Permission bits only, e.g. 0o755. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
  readonly device: bigint;
  readonly links: number;
}

/** Who owns what is written, and its permission bits. Explicit under any umask. */
export interface Ownership {
  readonly mode: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface FileSystemSpace {
  readonly device: bigint;
  /** For everybody: without what is reserved for root. */
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** `Number.MAX_SAFE_INTEGER` where the file system does not count them (Btrfs). */
  readonly freeInodes: number;
  readonly readOnly: boolean;
}

/** Bytes that were received or read, and the digest of exactly those bytes. */
export interface Digest {
  readonly size: number;
  /** Lower case hexadecimal SHA-256. */
  readonly sha256: string;
}

export interface BlocksOptions {
  /** What the last update of this copy returned: a block that is still the same is not hashed again. */
  readonly known?: Uint8Array | undefined;
  /** One block after the other, not several at once. */
  readonly background?: boolean;
  /** Of the source, at most. */
  readonly bytesPerSecond?: number | undefined;
}

export interface BlocksUpdated {
  /**
   * SHA-256 of each MiB of the source as it is in the copy now, 32 bytes each, one after the other. Undefined where the source
   * shrank meanwhile.
   */
  readonly digests: Uint8Array | undefined;
  /** Bytes that differed. */
  readonly written: number;
}

export interface ReceiveOptions extends Ownership {
  /** Bytes already at `path` that are kept; the stream goes on from there. They are hashed first. */
  readonly offset: number;
  /** Rejects with E_TOO_LARGE as soon as offset + received exceeds it. */
  readonly maxBytes: number;
  readonly stop?: AbortSignal | undefined;
  /** Bytes in the file so far, the kept ones included. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * The only door to the file system. Paths are absolute. Everything that changes the disk is one numbered effect each.
 * Errors: every errno becomes a RefitError: E_NO_SPACE (ENOSPC, EDQUOT), E_READ_ONLY (EROFS), E_IO (EIO),
 * E_PERMISSION (EACCES, EPERM), E_NOT_FOUND (ENOENT), E_FILE (any other); the path is in the message.
 */
export interface Files {
  /** Reads a whole file, or the first `maxBytes + 1` bytes' worth of refusal: E_TOO_LARGE if it is larger. */
  read(path: string, limit: { readonly maxBytes: number }): Promise<Buffer>;
  /** At most `maxBytes` from the start: for magic numbers and headers. */
  readHead(path: string, maxBytes: number): Promise<Buffer>;
  /** From `offset` to the end, at most `maxBytes`: for following a growing file. */
  readFrom(path: string, offset: number, maxBytes: number): Promise<Buffer>;
  /** The bytes as a stream, for hashing and parsing without holding them. Of a part of it: fewer only where the file ends. */
  stream(path: string, part?: { readonly offset: number; readonly size: number }): Readable;
  /** Does not follow a last link. `undefined` where nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Names in byte order, without `.` and `..`; bytes that are not UTF-8 come as U+FFFD. Rejects with E_NOT_FOUND. */
  list(path: string): Promise<readonly string[]>;
  readLink(path: string): Promise<string>;
  /** Every link resolved. Rejects with E_NOT_FOUND. */
  realPath(path: string): Promise<string>;
  space(path: string): Promise<FileSystemSpace>;
  /**
   * Every mount point this process sees, bind mounts too. One character per byte (Latin-1):
   * a mount point may have any name. Empty where the kernel does not say (no /proc).
   */
  mounts(): Promise<readonly string[]>;
  /**
   * A plain reading stream. Never on a file that this process holds open through SQLite: closing it here drops SQLite's
   * locks (POSIX). The same holds for `read`, `stream`, `sync`, `syncTree` and `setOwnership`.
   */
  digest(path: string): Promise<Digest>;
  /** SHA-256 of each MiB, 32 bytes each, one after the other. Read as by `digest`. */
  blockDigests(path: string): Promise<Uint8Array>;
  /** Whether this process could write there, by permission and by mount. Changes nothing. */
  writable(path: string): Promise<boolean>;

  /** Whole file, by temporary file beside it, sync, rename, directory sync. Where a source breaks, nothing is changed. */
  writeAtomic(path: string, data: Uint8Array | string | AsyncIterable<Uint8Array>, owner: Ownership): Promise<void>;
  /**
   * Whole file at a new path (E_FILE if something is there), synced; for staged and scratch files. The directory is not
   * synced: `syncTree` does. After an error nothing is left; a killed writer leaves a part, to be removed first.
   */
  writeNew(path: string, data: AsyncIterable<Uint8Array> | Uint8Array | string, owner: Ownership): Promise<Digest>;
  /**
   * Streams to `path` while hashing, from `offset` (0: anew); synced at the end. What arrived stays there when the stream
   * breaks. `stop` is looked at with each chunk: the stream must listen to it too. E_FILE if fewer bytes are there to keep.
   */
  receive(path: string, stream: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<Digest>;
  /**
   * Makes the bytes and the length of a copy, which is there, those of its source: reads both and writes only the pages that
   * differ. Not synced; owner, mode, times and attributes stay the copy's. One numbered effect. Read as by `digest`.
   */
  updateBlocks(from: string, to: string, options?: BlocksOptions): Promise<BlocksUpdated>;
  /** Appends and `fdatasync`s. Created 0600 if absent. After an error (not after a kill) nothing of the line is there. */
  appendDurable(path: string, line: string): Promise<void>;
  /** Appends, not synced: for event streams. */
  append(path: string, text: string, mode: number): Promise<void>;
  /** Cuts a file to `size` bytes and syncs: drops a torn last line. */
  truncate(path: string, size: number): Promise<void>;
  /** Creates it with its missing parents; what exists keeps its mode. The new ones get exactly `owner`. */
  makeDirectory(path: string, owner: Ownership): Promise<void>;
  /** Not synced, as `link`, `symlink` and `remove` are not: `sync` the directory. */
  rename(from: string, to: string): Promise<void>;
  /** Hard link. */
  link(existing: string, path: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  /** Removes one file, link or empty directory. Nothing there is fine. */
  remove(path: string): Promise<void>;
  /** Removes a whole tree without following links. Nothing there is fine. E_FILE, and nothing removed, if a mount is in it. */
  removeTree(path: string): Promise<void>;
  setOwnership(path: string, owner: Ownership): Promise<void>;
  /** Syncs one file or directory. */
  sync(path: string): Promise<void>;
  /** Syncs every file and directory below `path`, and `path`. */
  syncTree(path: string): Promise<void>;
}
