import { createHash } from 'node:crypto';
import type { Entry } from './entry.ts';

/** What is known of a file's content: one of both, or neither. */
export interface Content {
  readonly sha256?: string;
  /** As `Files.updateBlocks` returns them, always in step with the copy. */
  readonly blocks?: Uint8Array;
}

/** What the manifest keeps of it. */
export function digestsOf({ sha256, blocks }: Content): Pick<Entry, 'sha256' | 'blocks'> {
  if (blocks !== undefined) return { blocks: digestOfBlocks(blocks) };
  return sha256 === undefined ? {} : { sha256 };
}

/** Nothing is known of what shrank while it was read. */
export function contentOfBlocks(blocks: Uint8Array | undefined): Content {
  return blocks === undefined ? {} : { blocks };
}

export function digestOfBlocks(blocks: Uint8Array): string {
  return createHash('sha256').update(blocks).digest('hex');
}
