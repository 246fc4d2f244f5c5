/** An env file as one reader understands it. */
export interface EnvFile {
  readonly values: ReadonlyMap<string, string>;
  /** Numbers of the lines that look like an assignment and are none to this reader, counted from 1. */
  readonly ignored: readonly number[];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * As a product's own loader reads it (contract dockmesh: cmd/dockmesh/main.go loadEnvFileFromArgs): one line, one key;
 * no escapes, no continuation, no `export`; one pair of surrounding quotes is dropped; of a key given twice the *first* counts.
 * systemd differs in each of these (`parseSystemdEnvFile`).
 */
export function parsePlainEnvFile(text: string): EnvFile {
  const values = new Map<string, string>();
  const ignored: number[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(equals, 0)).trim();
    if (equals <= 0 || !NAME.test(key)) {
      ignored.push(index + 1);
      continue;
    }
    const value = line.slice(equals + 1).trim();
    const quoted = value.length >= 2 && /^(["']).*\1$/s.test(value);
    if (!values.has(key)) values.set(key, quoted ? value.slice(1, -1) : value);
  }
  return { values, ignored };
}

/** Characters that a backslash inside double quotes makes literal; before any other the backslash stays (systemd env-file.c). */
const ESCAPED_IN_QUOTES = new Set(['"', '\\', '`', '$']);

/** Reads one value of systemd's grammar, from after the `=` to the end of its last line. */
class ValueReader {
  readonly #text: string;
  #at: number;
  #value = '';
  /** Length up to the last character that is not bare white space: what follows is trimmed. */
  #kept = 0;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  read(): { readonly value: string; readonly end: number } {
    for (let bare = false; this.#at < this.#text.length; ) {
      const char = this.#next();
      if (char === '\n' || char === '\r') break;
      const blank = char === ' ' || char === '\t';
      if (char === '\\') this.#escape();
      else if (!bare && char === "'") this.#single();
      else if (!bare && char === '"') this.#double();
      else if (bare || !blank) this.#push(char, !blank);
      // A quote opens only where a word could begin: at the start, or after a closing quote.
      bare = bare ? true : !blank && char !== "'" && char !== '"';
    }
    return { value: this.#value.slice(0, this.#kept), end: this.#at };
  }

  #next(): string {
    const char = this.#text[this.#at] ?? '';
    this.#at += 1;
    return char;
  }

  #push(text: string, keep: boolean): void {
    this.#value += text;
    if (keep) this.#kept = this.#value.length;
  }

  /** Outside quotes: the next character itself; an escaped line break is nothing. */
  #escape(): void {
    const char = this.#next();
    this.#push(char === '\n' || char === '\r' ? '' : char, true);
  }

  #single(): void {
    while (this.#at < this.#text.length) {
      const char = this.#next();
      if (char === "'") return;
      this.#push(char, true);
    }
  }

  #double(): void {
    while (this.#at < this.#text.length) {
      const char = this.#next();
      if (char === '"') return;
      if (char !== '\\') {
        this.#push(char, true);
        continue;
      }
      const escaped = this.#next();
      if (ESCAPED_IN_QUOTES.has(escaped)) this.#push(escaped, true);
      else if (escaped !== '\n') this.#push(`\\${escaped}`, true);
    }
  }
}

/**
 * As systemd reads an EnvironmentFile= (systemd.exec(5), src/basic/env-file.c since v254): comments begin with `#` or `;` at
 * the start of a line; quotes may span lines; a backslash escapes; of a key given twice the *last* counts.
 */
export function parseSystemdEnvFile(text: string): EnvFile {
  const values = new Map<string, string>();
  const ignored: number[] = [];
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const line = /^[^\n\r]*/.exec(rest)?.[0] ?? '';
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(equals, 0)).trim();
    if (line.trim() === '' || /^[ \t]*[#;]/.test(line) || equals < 0) {
      if (line.trim() !== '' && !/^[ \t]*[#;]/.test(line)) ignored.push(text.slice(0, at).split('\n').length);
      at += line.length + 1;
      continue;
    }
    const { value, end } = new ValueReader(text, at + equals + 1).read();
    if (NAME.test(key)) values.set(key, value);
    else ignored.push(text.slice(0, at).split('\n').length);
    at = end;
  }
  return { values, ignored };
}

/** Keys that the two readers understand differently: the service and the product's own commands would disagree about them. */
export function ambiguousKeys(text: string): readonly string[] {
  const [plain, systemd] = [parsePlainEnvFile(text).values, parseSystemdEnvFile(text).values];
  return [...new Set([...plain.keys(), ...systemd.keys()])].filter((key) => plain.get(key) !== systemd.get(key));
}
