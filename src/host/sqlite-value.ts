import type { SQLOutputValue } from 'node:sqlite';

/** A value of SQLite as JSON can hold it: integers beyond 2^53 as decimal text, blobs as lower-case hexadecimal. */
export function toColumn(value: SQLOutputValue): string | number | null {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
