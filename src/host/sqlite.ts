/** One SQLite database, looked at without changing it. Rejects with E_SNAPSHOT_INVALID where it is not a sound database. */
export interface Sqlite {
  /**
   * A consistent copy of a live database by SQLite's online backup. One numbered effect; `to` is new, synced and mode 0600.
   * While it runs nothing else in this process may open `from` (POSIX locks). Of a stopped server's database in WAL mode it
   * leaves empty -wal and -shm files beside `from`.
   */
  snapshot(from: string, to: string): Promise<void>;
  /**
   * `PRAGMA quick_check`: the findings, empty when sound. Only on a copy of ours, never on a live database. A copy with a log
   * (-wal) beside it gets an index of it (-shm): then this, and `rows`, is one numbered effect.
   */
  quickCheck(copy: string): Promise<readonly string[]>;
  /** Rows of one read-only statement on a copy of ours. Integers beyond 2^53 as text, blobs as hexadecimal. */
  rows(
    copy: string,
    statement: string,
    parameters?: readonly string[],
  ): Promise<readonly Readonly<Record<string, string | number | null>>[]>;
}
