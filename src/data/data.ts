/**
 * Something the new version may rewrite, named by the installation's own configuration. Paths are absolute.
 *
 * - `database`: a SQLite file; `-wal`, `-shm` and `-journal` beside it travel with it, always. A database put back under a
 *   foreign `-wal` silently becomes the newer one again (contract dockmesh §4.6).
 * - `directory`: everything below it, but `exclude`.
 * - `file`: one file.
 *
 * An item that lies inside a listed directory is covered by it; listing both is fine. What is absent is recorded as absent,
 * and is absent again after `putBack`. Where a path is a link, the item is what it leads to, and the link is left alone.
 */
export interface DataItem {
  readonly path: string;
  readonly kind: 'database' | 'directory' | 'file';
  /**
   * Names directly inside a directory that are neither copied nor moved: container data, a stack's volumes.
   * Names that begin with `.refit-`, and a generation's own folder, never need listing.
   */
  readonly exclude?: readonly string[];
}

/**
 * What goes back together. `root` belongs to us alone (0700); `Data` writes `manifest.json` and `tree/<absolute path>` in it
 * and touches nothing else there. It lies beside the data, or directly inside a listed directory (a mount point).
 */
export interface Generation {
  readonly id: string;
  readonly root: string;
}

/** Where the bytes lie. `device` is `st_dev`, in decimal; `path` the first item seen there. */
export interface DeviceShare {
  readonly device: string;
  readonly path: string;
  readonly bytes: number;
}

/** What a copy will take: blocks, not lengths, so a sparse file counts for what it holds. */
export interface Measured {
  readonly bytes: number;
  readonly files: number;
  readonly byDevice: readonly DeviceShare[];
}

export interface Copied {
  /** The lengths of the files together. */
  readonly bytes: number;
  /** Files, directories and links. */
  readonly files: number;
  readonly ms: number;
  /** SHA-256 of `manifest.json`: in the journal it pins the whole copy. */
  readonly manifestSha256: string;
  /**
   * A time by the file system's clock from before the data at rest was looked at, seconds with nine decimals: what changed last
   * before it has not changed since that look.
   */
  readonly tick: string;
  /** Sockets, FIFOs and devices, as paths, names C-escaped: made again by `cp`, never compared. */
  readonly special: readonly string[];
}

export interface HotCopyOptions {
  /** Lowest CPU and I/O priority. */
  readonly background?: boolean;
  /** What each child that copies or reads, and this process, takes at most; while the service runs, never in the window. */
  readonly bytesPerSecond?: number | undefined;
}

/** What was copied while the service was stopped. */
export interface Finished extends Copied {
  readonly again: { readonly bytes: number; readonly files: number };
  /** What was copied by `refresh`. Of large files `bytes` are, here and above, what differed, else their lengths. */
  readonly refreshed: { readonly passes: number; readonly files: number; readonly bytes: number };
}

/**
 * A copy made while the service runs, worth something only together with what is in memory here: one of a killed process is
 * finished by nobody. Ends with `finish` or `abandon`, whichever comes first; until then databases are held, and nothing in this
 * process may open one of their files.
 */
export interface HotCopy {
  /** The lengths of the files together. */
  readonly bytes: number;
  /** Files, directories and links. */
  readonly files: number;
  readonly ms: number;
  /** Of the held databases' logs (-wal) together, when the copy was made. They grow until `finish`, and are copied then. */
  readonly walBytes: number;
  /** Databases that could not be held: not in WAL mode, or locked by a stranger. Copied anew where they have changed. */
  readonly unheld: readonly string[];
  /**
   * The service may run. Brings the copy up to date as far as that goes, in a few passes (`most`, by default 3) until one has
   * little to do, so that what is left for `finish` is what is written from then on; none where the last had more to do than the
   * one before. Holds go on. Rejects with E_NO_SPACE where
   * the disk is full, and then there is no copy left.
   */
  refresh(most?: number): Promise<void>;
  /**
   * The service must be stopped. Makes the copy that of the stopped data: looks at everything once, copies what has changed, and
   * writes the manifest last; its digests are the source's, taken before of what has not changed since. `ms`: this part alone.
   * The copy itself is not read again: `verify` does that, once the service runs.
   * Rejects as `copy` does, and then there is no copy left.
   */
  finish(): Promise<Finished>;
  /** Removes what was copied. Called again, or after `finish`, it does nothing. */
  abandon(): Promise<void>;
}

export interface PutBackOptions {
  /** The run's ULID: names the staging folders `<dir>/.refit-<run>/`. */
  readonly run: string;
  /**
   * Folder that keeps what was live, as `<displaced>/<absolute path>`. An item on another file system keeps its own in
   * `<dir>/.refit-displaced-<run>` instead, because only a rename is quick and whole.
   */
  readonly displaced: string;
  /**
   * A copy of the same data that was made of it at rest, just before: what `stat` says has not changed since is known from its
   * manifest, and not read again.
   */
  readonly copied?: CopyMade | undefined;
}

/** A copy, and what is on record about it. */
export interface CopyMade extends Pick<Copied, 'manifestSha256' | 'tick'> {
  readonly generation: Generation;
}

export interface PutBack {
  readonly ms: number;
  /** The folders that now hold what was live. Empty where everything was as in the generation already. */
  readonly displaced: readonly string[];
}

/** One thing that differs, for people: `path` is C-escaped. */
export interface Difference {
  readonly path: string;
  readonly saw: string;
  readonly expected: string;
}

/**
 * Copies, proves and puts back what the new version may rewrite. Only `copyHot` opens a database, and that not to write.
 *
 * Kept: content, owner, mode (setuid too), mtime to the nanosecond, links as links (a dangling one too), hard links within one
 * item, holes, extended attributes, ACLs, names of any bytes. Never followed: links below an item. Never crossed: mounts; one
 * below an item refuses with E_FILE, because it can neither be copied as data nor renamed.
 *
 * Needs GNU find and coreutils: BusyBox has neither `find -exec … +` batches of this kind nor `stat --printf %N`.
 */
export interface Data {
  /** What a copy will take. Only looks; the service may run. */
  measure(items: readonly DataItem[]): Promise<Measured>;

  /**
   * Cold copy: the service must be stopped. The copy's digests are compared with the source's, it reaches the disk, and the
   * manifest is written last. A whole or partial earlier copy in the same generation is removed first.
   * Rejects with E_DATA_CHANGED where copy and source differ, E_NO_SPACE where the disk is full.
   */
  copy(
    items: readonly DataItem[],
    generation: Generation,
    options?: { readonly background?: boolean },
  ): Promise<Copied>;

  /**
   * Hot copy: the service may run. What changes meanwhile, or vanishes, is no error. A whole or partial earlier copy in the same
   * generation is removed first. Rejects with E_NO_SPACE where the disk is full, and then nothing is left.
   */
  copyHot(items: readonly DataItem[], generation: Generation, options?: HotCopyOptions): Promise<HotCopy>;

  /**
   * What differs between the live data and the generation; empty if it is identical. An item's own directory may differ in mtime.
   * Without `digests` only by what `stat` says, and the service may run.
   */
  differences(
    items: readonly DataItem[],
    generation: Generation,
    options?: { readonly digests: boolean },
  ): Promise<readonly Difference[]>;

  /**
   * The slow half of `putBack` with the same `options`: what goes back is copied beside its place and proven there. Live stays as
   * it is; the service may run. Called again after a kill it goes on. Rejects as `putBack` does, and then nothing is left of it.
   */
  stagePutBack(items: readonly DataItem[], generation: Generation, options: PutBackOptions): Promise<void>;

  /**
   * Puts the copy back. Everything is staged beside its target and proven first; then what is live is moved away and kept, and
   * what is staged moved in, entry by entry, so a mount point works. Callable again after a kill at any point: it goes on where
   * it was. Does nothing where live is identical already. The service must be stopped.
   * Rejects with E_DIGEST_MISMATCH where the generation is damaged, E_WORLD_CHANGED where something else writes there
   * meanwhile or the path leads elsewhere than when it was copied.
   */
  putBack(items: readonly DataItem[], generation: Generation, options: PutBackOptions): Promise<PutBack>;

  /** Reads the copy again and compares it with its manifest, and that with `manifestSha256` where given. Rejects with E_DIGEST_MISMATCH, E_NOT_FOUND without a manifest. */
  verify(generation: Generation, manifestSha256?: string): Promise<void>;

  /** Where the generation keeps its copy of what lies at `path`, a path without links. */
  pathIn(generation: Generation, path: string): string;

  /**
   * SHA-256 of every file in the copy, of a large one `blocks:` and the one over those of each MiB; by its path in the generation's
   * folder, C-escaped. Rejects as `verify` without a manifest.
   */
  digests(generation: Generation): Promise<ReadonlyMap<string, string>>;

  /**
   * Proves that every database of these items opens: each is copied with its log out of the copy to `scratch`, a folder that is made
   * anew, and checked there; the folder is gone then. Returns how many there were. Rejects with E_SNAPSHOT_INVALID.
   */
  openDatabases(items: readonly DataItem[], generation: Generation, scratch: string): Promise<number>;

  /** Removes the generation's folder, manifest first, so that a half-removed one is never taken for whole. Nothing there is fine. */
  remove(generation: Generation): Promise<void>;
}
