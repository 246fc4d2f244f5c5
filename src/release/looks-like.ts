/** Machine numbers of ELF that people meet. Source: elf.h, EM_*. */
const MACHINES: Readonly<Record<number, string>> = {
  3: '386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

const MAGICS: readonly (readonly [bytes: string, what: string])[] = [
  ['1f8b', 'a gzip archive'],
  ['28b52ffd', 'a zstd archive'],
  ['fd377a585a00', 'an xz archive'],
  ['425a68', 'a bzip2 archive'],
  ['504b0304', 'a zip archive'],
  ['4d5a', 'a Windows executable'],
  ['cffaedfe', 'a macOS executable'],
  ['cafebabe', 'a macOS universal executable'],
  ['2321', 'a script'],
];

/** How many leading bytes `looksLike` wants. */
export const HEAD_BYTES = 512;

/** What a file is, by its first bytes and never by its name: "an HTML page", "an arm64 ELF executable". */
export function looksLike(head: Buffer): string {
  if (head.length === 0) return 'an empty file';
  const elf = elfKind(head);
  if (elf !== undefined) return describeElf(elf);
  const hex = head.toString('hex', 0, 8);
  const magic = MAGICS.find(([bytes]) => hex.startsWith(bytes));
  if (magic !== undefined) return magic[1];
  const text = head.toString('latin1').trimStart();
  if (/^(<!doctype html|<html|<head|<body)/i.test(text)) return 'an HTML page';
  if (text.startsWith('<')) return 'an XML document';
  if (/^[{[]/.test(text)) return 'a JSON text';
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? 'a plain text' : `unknown data (${hex}…)`;
}

export function looksLikeHtml(head: Buffer): boolean {
  return looksLike(head) === 'an HTML page';
}

export interface ElfKind {
  /** As Go names processors, "32-bit" in front where it is; "big-endian" where it is that. */
  readonly machine: string;
  /** An executable, and not an object file, a core dump or the like. */
  readonly runnable: boolean;
}

/** What kind of ELF file it is; undefined where it is none. Source: elf(5), e_ident, e_type and e_machine. */
export function elfKind(head: Buffer): ElfKind | undefined {
  if (head.length < 20 || head.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  if (head[5] !== 1) return { machine: 'big-endian', runnable: false };
  const type = head.readUInt16LE(16);
  const number = head.readUInt16LE(18);
  const machine = MACHINES[number] ?? `machine ${number}`;
  return { machine: head[4] === 2 ? machine : `32-bit ${machine}`, runnable: type === 2 || type === 3 };
}

function describeElf({ machine, runnable }: ElfKind): string {
  return `${/^(a|s390)/.test(machine) ? 'an' : 'a'} ${machine} ELF ${runnable ? 'executable' : 'object'}`;
}
