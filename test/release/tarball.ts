import { gzipSync } from 'node:zlib';

/** What stands in one header; anything may lie. */
export interface TarHeader {
  readonly name: string | Buffer;
  /** '0' file, '1' hard link, '2' symbolic link, '3' '4' devices, '5' folder, '6' FIFO, 'x' 'g' pax, 'L' 'K' GNU long names. */
  readonly type?: string;
  readonly size?: number;
  /** The twelve bytes of the size field as they are. */
  readonly rawSize?: Buffer;
  readonly mode?: number;
  readonly linkName?: string;
  readonly prefix?: string;
  readonly checksum?: number;
}

const BLOCK = 512;

/** One 512-byte ustar header, made by hand. Source: POSIX.1-2017, pax, "ustar Interchange Format". */
export function tarHeader(header: TarHeader): Buffer {
  const block = Buffer.alloc(BLOCK);
  Buffer.from(header.name).copy(block, 0, 0, 100);
  block.write(octal(header.mode ?? 0o755, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  if (header.rawSize === undefined) block.write(octal(header.size ?? 0, 11), 124);
  else header.rawSize.copy(block, 124, 0, 12);
  block.write(octal(1_750_000_000, 11), 136);
  block.write(header.type ?? '0', 156);
  block.write(header.linkName ?? '', 157, 100);
  block.write('ustar\x0000', 257);
  block.write(header.prefix ?? '', 345, 155);
  block.fill(' ', 148, 156);
  const sum = header.checksum ?? block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

/** A header and its body, padded; the header's size is the body's unless it says otherwise. */
export function tarMember(header: TarHeader, body: string | Buffer = ''): Buffer {
  const data = Buffer.from(body);
  const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
  return Buffer.concat([tarHeader({ size: data.length, ...header }), data, padding]);
}

/** A pax record with its own length in front. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (`${length}`.length + Buffer.byteLength(rest) !== length) length = `${length}`.length + Buffer.byteLength(rest);
  return `${length}${rest}`;
}

export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

export function tar(...members: readonly Buffer[]): Buffer {
  return Buffer.concat([...members, TAR_END]);
}

export function tarGz(...members: readonly Buffer[]): Buffer {
  return gzipSync(tar(...members));
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
