const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
};

/** A C-style escape, or the character itself. Bytes beyond ASCII are written as they are, so `\x` needs no decoder. */
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|(.))/gs;

const unescaped = (text: string): string =>
  text.replace(ESCAPE, (_, hex?: string, octal?: string, char = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return ESCAPES[char] ?? char;
  });

/**
 * Words as systemctl prints a list of strings: one that holds more than plain characters stands in double quotes, escaped.
 * `A=1 "B=x y" "C=q\"uote"` → `A=1`, `B=x y`, `C=q"uote`. Source: systemd shell_maybe_quote().
 */
export function quotedWords(text: string): readonly string[] {
  const found = text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs);
  return [...found].map(([, quoted, bare]) => (quoted === undefined ? (bare ?? '') : unescaped(quoted)));
}

/** Key and value of each word that has both. */
export function assignments(text: string): Readonly<Record<string, string>> {
  const pairs = quotedWords(text).map((word) => [word, word.indexOf('=')] as const);
  return Object.fromEntries(
    pairs.filter(([, at]) => at > 0).map(([word, at]) => [word.slice(0, at), word.slice(at + 1)]),
  );
}

/** One word of a unit file that may hold spaces and what systemd would expand (`%`). */
export const unitWord = (text: string): string => `"${unitText(text).replace(/[\\"]/g, '\\$&')}"`;

/** The rest of a line in a unit file, where quotes mean themselves. */
export const unitText = (text: string): string => text.replaceAll('%', '%%');
