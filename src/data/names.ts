/**
 * File names are bytes, and need not be UTF-8. Children hand them over the way `stat` quotes them with QUOTING_STYLE=c and
 * LC_ALL=C: printable ASCII as it is, everything else as C escapes. That is reversible, so manifests keep it.
 */
const LETTERS: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };
const ESCAPES = new Map(Object.entries(LETTERS).map(([letter, byte]) => [byte, `\\${letter}`]));
const QUOTED = /^"((?:[^"\\]|\\.)*)"(?: -> "((?:[^"\\]|\\.)*)")?$/;

/** Nearly every name, and needs no look at its bytes. */
const PLAIN = /^[ !#-[\]-~]*$/;

export function escapeName(name: string): string {
  return PLAIN.test(name) ? name : escapeBytes(Buffer.from(name));
}

/** The same of some bytes, of which `latin1` is the text: nearly always it is only cut out of that. */
export function escapePart(latin1: string, bytes: Buffer, from: number, to: number): string {
  const part = latin1.slice(from, to);
  return PLAIN.test(part) ? part : escapeBytes(bytes, from, to);
}

/** The same of bytes, or of some of them: a text of its own, that keeps no larger one. */
export function escapeBytes(bytes: Buffer, from = 0, to = bytes.length): string {
  const plain = bytes.toString('latin1', from, to);
  return PLAIN.test(plain) ? plain : [...bytes.subarray(from, to)].map(escapeByte).join('');
}

function escapeByte(byte: number): string {
  const known = ESCAPES.get(byte);
  if (known !== undefined) return known;
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
}

/** The bytes of the name. */
export function nameBytes(escaped: string): Buffer {
  const latin1 = escaped.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    String.fromCharCode(LETTERS[code] ?? Number.parseInt(code, 8)),
  );
  return Buffer.from(latin1, 'latin1');
}

/** The name as a string, or undefined where it is not UTF-8 and so cannot be one. */
export function unescapeName(escaped: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(nameBytes(escaped));
  } catch {
    return undefined;
  }
}

/** Splits `stat`'s %N: a name, and of a link where it leads; both stay escaped. Undefined where it is none. */
export function splitQuoted(
  quoted: string,
): { readonly name: string; readonly target: string | undefined } | undefined {
  const [, name, target] = QUOTED.exec(quoted) ?? [];
  return name === undefined ? undefined : { name, target };
}
