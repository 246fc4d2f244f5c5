/** A file to be replaced in place, and the verified file that replaces it. Paths are absolute. */
export interface Target {
  /** In `stageDirectory(target)`: verified, dressed and synced already. */
  readonly staged: string;
  /** The installed path. If it is a link, the file behind it is replaced and the link stays. */
  readonly target: string;
  /** Lower-case hexadecimal, of the new file. */
  readonly sha256: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whether the old file stays beside it as `<target>.old`, for a person with the vendor's guide. */
  readonly keepPrevious: boolean;
}

/** What is installed at a path now. `path` is the real file behind `target`. */
export type Live =
  | { readonly target: string; readonly path: string; readonly present: false }
  | {
      readonly target: string;
      readonly path: string;
      readonly present: true;
      readonly sha256: string;
      readonly size: number;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    };

/** Why a file cannot be replaced in place, as data. */
export interface Obstacle {
  readonly kind:
    | 'no-directory'
    | 'not-a-file'
    | 'read-only'
    | 'no-permission'
    | 'immutable'
    | 'mount-point'
    | 'package-owned';
  readonly path: string;
  /** What was seen, e.g. the package's name or the attribute. */
  readonly saw: string;
  /** What to do about it, a command where there is one. */
  readonly remedy: string;
}

export interface Swapped {
  readonly ms: number;
  /** Real paths that were renamed over now; those found done already are not among them. */
  readonly replaced: readonly string[];
}

/** A file's whole text and who owns it. */
export interface Rewritten {
  /** The real file: a rename over a link would replace the link. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The folder of a generation: `Layout` writes `binaries.json` and `binaries/<absolute path>` in it and touches nothing else there. */
export interface BinaryStore {
  readonly root: string;
}

/**
 * Which binaries and assets are live. Everything but `swap`, `restore` and `sweep` leaves what is live alone, and everything may
 * be called again after a kill. Errors beside the ones of `Files`: E_WORLD_CHANGED where something is not as it was left,
 * E_DIGEST_MISMATCH where a copy is damaged.
 */
export interface Layout {
  /** `<real directory>/.refit-<run>`, created 0700 if absent (a missing parent is created 0755): beside the real file, so that one rename installs it. */
  stageDirectory(target: string, run: string): Promise<string>;

  /**
   * Gives a staged file owner and mode, then extended attributes, capabilities, the SELinux label and, where the mode is the
   * same, the ACL of the live file, and syncs it.
   */
  dress(
    staged: string,
    target: string,
    owner: { readonly mode: number; readonly uid: number; readonly gid: number },
  ): Promise<void>;

  /** Reads and hashes what is there. */
  look(target: string): Promise<Live>;

  /** Whatever stands against replacing these, a directory's once for all its files; empty if nothing does. */
  obstacles(targets: readonly string[]): Promise<readonly Obstacle[]>;

  /** Copies what is live, with everything it wears, proves and syncs the copies; `binaries.json` last. Absent ones are recorded as absent. */
  copyLive(targets: readonly string[], store: BinaryStore): Promise<readonly Live[]>;

  /** What `copyLive` recorded. Rejects with E_NOT_FOUND before it has finished. */
  recorded(store: BinaryStore): Promise<readonly Live[]>;

  /** Reads the copies again and compares them with what `copyLive` recorded. */
  verify(store: BinaryStore): Promise<void>;

  /**
   * Renames each staged file over its target, after a hard link `<target>.old`; then syncs each directory once. There is no
   * moment without a file. In the window: no digest is computed, unless a staged file is gone because an earlier call used it.
   */
  swap(targets: readonly Target[]): Promise<Swapped>;

  /**
   * Puts back what `copyLive` recorded, by rename over, and removes what was absent; an `.old` that says the same as the file
   * itself goes too. Digests are verified before and after.
   */
  restore(store: BinaryStore, run: string): Promise<Swapped>;

  /**
   * Replaces the text of a small file by one rename: owner and mode as given, all else as `dress` keeps it. One that is so
   * already is left alone. Durable when it resolves; after an error, or a kill and another call, nothing lies beside it.
   */
  rewrite(file: Rewritten, run: string): Promise<void>;

  /** Removes the staging folders of a run beside these targets. */
  sweep(targets: readonly string[], run: string): Promise<void>;
}
