/** What one header block says. Names are Latin-1: one character per byte. */
export interface Member {
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo' | 'pax' | 'other';
  readonly name: string;
  readonly link: string;
  /** Bytes that follow, without padding. */
  readonly size: number;
}

const KINDS: Readonly<Record<string, Member['kind']>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
  '6': 'fifo',
  x: 'pax',
};

/** Reads a header of 512 bytes. Undefined where its checksum is wrong or a number is none. Source: POSIX.1-2017, pax, "ustar". */
export function parseMember(block: Buffer): Member | undefined {
  const text = (from: number, to: number) => block.toString('latin1', from, to).split('\0', 1)[0] ?? '';
  const [size, sum] = [octal(block, 124, 136), octal(block, 148, 156)];
  if (size === undefined || sum === undefined || sum !== checksumOf(block)) return undefined;
  const prefix = text(345, 500);
  const name = text(0, 100);
  return {
    kind: KINDS[text(156, 157)] ?? 'other',
    name: prefix === '' ? name : `${prefix}/${name}`,
    link: text(157, 257),
    size,
  };
}

/** The archives are ours, and ours have larger numbers in the extended header, never in base 256. */
function octal(block: Buffer, from: number, to: number): number | undefined {
  const digits = block.toString('latin1', from, to).replace(/^ +|[\0 ]+$/g, '');
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** The sum of all bytes, those of the checksum itself taken for blanks. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 32;
  for (let at = 0; at < block.length; at += 1) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum;
}
