import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';

/** The file behind an installed path: an agent's `/usr/local/bin` entry is a link, and a rename over it would replace the link. */
export async function realFile(files: Files, target: string): Promise<string> {
  try {
    return await files.realPath(target);
  } catch (error) {
    if (!(error instanceof RefitError && error.code === 'E_NOT_FOUND')) throw error;
  }
  const found = await files.stat(target);
  if (found?.type === 'link')
    throw new RefitError('E_FILE', `Cannot find what ${target} leads to: saw a dangling link, expected a file`, {
      hint: `Look at ls -l ${target}; mount or install what it leads to, or remove the link`,
      facts: { path: target },
    });
  const directory = posix.dirname(target);
  return posix.join(directory === '/' ? '/' : await realFile(files, directory), posix.basename(target));
}
