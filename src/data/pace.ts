/** How much of the machine a copy may take while the service runs. As `CommandOptions` and `BlocksOptions` name it. */
export interface Pace {
  /** Lowest CPU and I/O priority. */
  readonly background: boolean;
  /** Of each child, and of each file that is compared, at most. */
  readonly bytesPerSecond?: number | undefined;
}
