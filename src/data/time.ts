/** Seconds since the epoch with nine decimals, as `stat` prints them. */
export function decimalOf(nanoseconds: bigint): string {
  const fraction = String(nanoseconds % 1_000_000_000n).padStart(9, '0');
  return `${nanoseconds / 1_000_000_000n}.${fraction}`;
}

/** Whether one such time comes after another. */
export function isLater(time: string, than: string): boolean {
  // Of the same length as a rule, and then the order of the texts is that of the times.
  if (time.length === than.length && !time.startsWith('-') && !than.startsWith('-')) return time > than;
  const [a, b] = [time, than].map((text) => text.split('.'));
  const seconds = Number(a?.[0]) - Number(b?.[0]);
  return seconds === 0 ? String(a?.[1]) > String(b?.[1]) : seconds > 0;
}
