/** The first 64 bytes of an ELF file. Source: elf(5). */
export function elf(header: {
  readonly machine: number;
  readonly type?: number;
  readonly bits?: 32 | 64;
  readonly order?: 1 | 2;
}): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.write('\x7fELF', 'latin1');
  bytes[4] = header.bits === 32 ? 1 : 2;
  bytes[5] = header.order ?? 1;
  bytes[6] = 1;
  bytes.writeUInt16LE(header.type ?? 2, 16);
  bytes.writeUInt16LE(header.machine, 18);
  return bytes;
}
