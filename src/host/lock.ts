/** Who holds a lock, for people. Never used to decide whether it is held. */
export interface LockHolder {
  readonly pid: number;
  /** From `Commands.startTimeOf`: tells the holder from a later process with the same pid. */
  readonly startTime: string;
  readonly since: string;
  readonly who: string;
  readonly command: string;
}

/** Held by the kernel through SQLite's file locks, so a killed owner frees it. There is no `unlock`: nothing is ever stale. */
export interface Lock {
  /** Rejects with E_LOCKED, naming the holder, if another process has it. Dispose to free it. */
  acquire(path: string, holder: LockHolder): Promise<AsyncDisposable>;
  /**
   * Whether a living process holds it, and what it wrote about itself; with `held` false, the last holder's words if it was
   * killed. Opens nothing that this process holds. Needs no right on the file, except on Btrfs and overlayfs.
   */
  holder(path: string): Promise<{ readonly held: boolean; readonly holder: LockHolder | undefined }>;
}
