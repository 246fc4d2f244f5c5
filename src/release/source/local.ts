import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { BUNDLE_SUFFIX } from '../bundle/member-url.ts';
import type { Source } from '../release.ts';
import { directorySource } from './directory.ts';

/** What an absolute path leads to, through links: a bundle by its name or its first bytes. Undefined: nothing. */
export async function localKind(
  files: Files,
  path: string,
): Promise<'bundle' | 'file' | 'directory' | 'other' | undefined> {
  const real = await realOf(files, path);
  const type = real === undefined ? undefined : (await files.stat(real))?.type;
  if (real === undefined || type === undefined) return undefined;
  if (type !== 'file') return type === 'directory' ? 'directory' : 'other';
  if (path.endsWith(BUNDLE_SUFFIX)) return 'bundle';
  const { looksLikeBundle } = await import('../bundle/open.ts');
  return looksLikeBundle(await files.readHead(real, 512)) ? 'bundle' : 'file';
}

/** Releases on this machine: a bundle where the path is a file, else a folder. Which, is only known once it is asked. */
export function localSource(files: Files, path: string): Source {
  const opened = async (): Promise<Source> => {
    const kind = await localKind(files, path);
    if (kind !== 'bundle' && kind !== 'file') return directorySource(files, path);
    const { bundleSource } = await import('./bundle.ts');
    return bundleSource(files, path);
  };
  return {
    describe: () => path,
    list: async (stop) => (await opened()).list(stop),
    notes: async (wants, stop) => (await opened()).notes(wants, stop),
    find: async (tag, stop) => (await opened()).find(tag, stop),
  };
}

async function realOf(files: Files, path: string): Promise<string | undefined> {
  try {
    return await files.realPath(path);
  } catch (error) {
    // Below a file is nothing either.
    if (error instanceof RefitError && error.code !== 'E_PERMISSION') return undefined;
    throw error;
  }
}
