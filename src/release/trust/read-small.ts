import { basename } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import type { Seen } from './refusals.ts';

/** Real ones have 2 to 20 KiB. */
export const SIGNATURE_MAX_BYTES = 1024 * 1024;

/** Reads a signature, a root or a key whole. Whatever stands against that is a refusal: unread is untrusted. */
export async function readSmall(files: Files, path: string, refuse: (seen: Seen) => RefitError): Promise<Buffer> {
  try {
    return await files.read(path, { maxBytes: SIGNATURE_MAX_BYTES });
  } catch (cause) {
    if (!(cause instanceof RefitError)) throw cause;
    throw refuse({ seen: wordsFor(cause, path), expected: `a file of at most ${SIGNATURE_MAX_BYTES} bytes`, cause });
  }
}

function wordsFor({ code, message }: RefitError, path: string): string {
  if (code === 'E_NOT_FOUND') return `no file ${basename(path)}`;
  return code === 'E_TOO_LARGE' ? 'a larger file' : `"${message}"`;
}
