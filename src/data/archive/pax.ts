/** What of an extended header concerns whoever unpacks. Latin-1: one character per byte. */
export interface Pax {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
}

/** GNU tar's own name of a sparse file: its `path` is one that no old tar would take for it. */
const NAMES: Readonly<Record<string, 'path' | 'linkpath'>> = {
  path: 'path',
  linkpath: 'linkpath',
  'GNU.sparse.name': 'path',
};

/**
 * Reads the records of a pax header, `<length> <key>=<value>\n`. Undefined where it is not exactly that.
 * Source: POSIX.1-2017, pax, "pax Extended Header"; GNU tar's manual, "PAX 1".
 */
export function parsePax(data: Buffer): Pax | undefined {
  const fields: { path?: string; linkpath?: string; size?: number } = {};
  let sparse = false;
  for (let at = 0; at < data.length; ) {
    const digits = /^(\d{1,7}) /.exec(data.toString('latin1', at, at + 8))?.[1];
    const end = at + Number(digits);
    if (digits === undefined || end > data.length || data[end - 1] !== 0x0a) return undefined;
    const record = data.toString('latin1', at + digits.length + 1, end - 1);
    const equals = record.indexOf('=');
    if (equals < 1) return undefined;
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === 'size') {
      if (!/^\d{1,15}$/.test(value)) return undefined;
      fields.size = Number(value);
    }
    const name = NAMES[key];
    // tar ends a name at a NUL, and we would see another one.
    if (name !== undefined && value.includes('\0')) return undefined;
    if (name !== undefined && !(sparse && key === 'path')) fields[name] = value;
    sparse ||= key === 'GNU.sparse.name';
    at = end;
  }
  return fields;
}
