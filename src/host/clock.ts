/** Time and chance: the only source of either. */
export interface Clock {
  /** Wall clock, may jump. For records people read, never for deadlines. */
  now(): Date;
  /** Milliseconds that never go back, the same in every process of this boot. For deadlines and measurements. */
  monotonic(): number;
  /** Rejects with the signal's reason when it fires. */
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
  /** `bytes` random bytes as lower-case hexadecimal. */
  random(bytes: number): string;
}
