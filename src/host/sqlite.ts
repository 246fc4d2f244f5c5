/** One SQLite database, looked at without changing it. Rejects with E_SNAPSHOT_INVALID where it is not a sound database. */
export interface Sqlite {
  /** A consistent copy of a live database by SQLite's online backup. One numbered effect; `to` is synced and mode 0600. */
  snapshot(from: string, to: string): Promise<void>;
  /** `PRAGMA quick_check`: the findings, empty when sound. Only on a copy of ours, never on a live database. */
  quickCheck(copy: string): Promise<readonly string[]>;
  /** Rows of one read-only statement on a copy of ours. Values as SQLite gives them. */
  rows(
    copy: string,
    statement: string,
    parameters?: readonly string[],
  ): Promise<readonly Readonly<Record<string, string | number | null>>[]>;
}
