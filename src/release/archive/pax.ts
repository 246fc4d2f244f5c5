/** What of an extended header concerns us. */
export interface PaxFields {
  readonly path?: string | undefined;
  readonly linkpath?: string | undefined;
}

/** Keys by which one tar program sees another file than the next: overridden sizes and types, sparse maps, volume parts. */
const FORBIDDEN = /^(size|type|GNU\.(sparse|volume)\..*|SCHILY\.(realsize|filetype))$/;

/**
 * Reads the records of a pax header, `<length> <key>=<value>\n`, to the last byte. Returns what is wrong with it as text
 * where it is not exactly that: programs that are lenient there differ in which file they see.
 * Source: POSIX.1-2017, pax, "pax Extended Header".
 */
export function parsePax(data: Buffer): PaxFields | string {
  const fields: { path?: string; linkpath?: string } = {};
  for (let at = 0; at < data.length; ) {
    const digits = /^(\d{1,7}) /.exec(data.toString('latin1', at, at + 8))?.[1];
    const end = at + Number(digits);
    if (digits === undefined || end > data.length || data[end - 1] !== 0x0a) return 'a broken extended header';
    const record = data.toString('utf8', at + digits.length + 1, end - 1);
    const equals = record.indexOf('=');
    if (equals < 1) return 'a broken extended header';
    const key = record.slice(0, equals);
    const value = record.slice(equals + 1);
    if (FORBIDDEN.test(key)) return `an extended header that overrides ${key}`;
    if (key === 'path' || key === 'linkpath') {
      if (fields[key] !== undefined) return `an extended header with two of ${key}`;
      fields[key] = value;
    }
    at = end;
  }
  return fields;
}
