import { bulk } from './bulk.ts';
import type { DataHost } from './listing.ts';
import { type At, inputOf } from './many.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';

const ALL = ['--xattrs', '--xattrs-include=*', '--acls', '--numeric-owner', '--no-recursion'] as const;

/**
 * Gives directories of the copy, which are there, the mode, owner, attributes and mtime of their sources: absolute paths, after
 * everything in them. By tar, because cp gives a directory those only together with all that is in it.
 */
export async function dressDirectories(
  { commands, files }: DataHost,
  tree: string,
  directories: readonly At[],
): Promise<void> {
  if (directories.length === 0) return;
  const archive = `${tree}/.refit-directories`;
  const members = ['--directory=/', '--null', '--files-from=-'];
  const input = inputOf(directories.map(({ at, name }) => ({ at: `.${at}`, name })));
  await bulk(commands, ['tar', '--create', '--format=posix', `--file=${archive}`, ...ALL, ...members], { input });
  const same = ['--same-permissions', '--same-owner', '--overwrite-dir', `--directory=${tree}`];
  await commands.must(['tar', '--extract', `--file=${archive}`, ...ALL, ...same], { timeoutMs: COPY_TIMEOUT_MS });
  await files.remove(archive);
}
