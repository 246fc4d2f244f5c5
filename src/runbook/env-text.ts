import type { Files } from '../host/files.ts';

/** Far above the env file of any product. */
const MAX_BYTES = 2 ** 20;

/** The text of an env file. Errors are those of `Files.read`. */
export async function envText(files: Files, path: string): Promise<string> {
  return (await files.read(path, { maxBytes: MAX_BYTES })).toString('utf8');
}
