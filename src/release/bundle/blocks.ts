import { plainHeader } from '../archive/member-header.ts';

/** tar's unit. */
export const BLOCK = 512;

/** Two blocks of zeros. */
export const END: Buffer = Buffer.alloc(2 * BLOCK);

/** The header that a bundle has for this member, byte for byte. */
export function headerOf(name: string, size: number): Buffer {
  const block = plainHeader(name, size);
  // Names and sizes are bounded so that this cannot be: index-file.ts.
  if (block === undefined) throw new Error(`internal: ${name} needs an extended header`);
  return block;
}

/** How many zeros follow a body of this size. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
