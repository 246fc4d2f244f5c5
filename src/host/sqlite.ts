/** A read transaction that keeps a live database's base file as it is. */
export interface SqliteHold {
  /** Ends it. Called again it does nothing. The -wal and -shm stay where they are, also where nobody else has the database open. */
  release(): Promise<void>;
}

/** One SQLite database, looked at without changing it. Rejects with E_SNAPSHOT_INVALID where it is not a sound database. */
export interface Sqlite {
  /**
   * A consistent copy of a live database by SQLite's online backup. One numbered effect; `to` is new, synced and mode 0600.
   * While it runs nothing else in this process may open `from` (POSIX locks). Of a stopped server's database in WAL mode it
   * leaves empty -wal and -shm files beside `from`.
   */
  snapshot(from: string, to: string): Promise<void>;
  /**
   * Brings the log (-wal) of a live database into its base file as far as that goes without waiting for anybody, and begins a read
   * transaction there: from then on nothing is written into the base, and neither a checkpoint nor the last close of the server
   * resets or deletes the -wal, which only grows. `undefined` where there is nothing to hold: not in WAL mode, or locked by a
   * stranger. One numbered effect. While it lives nothing in this process may open the base file (POSIX locks): base, -wal and -shm
   * are read by children.
   */
  hold(database: string): Promise<SqliteHold | undefined>;
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
