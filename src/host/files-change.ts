import { constants } from 'node:fs';
import { link, lstat, rename, rmdir, symlink, unlink } from 'node:fs/promises';
import type { Effects } from './effects.ts';
import { errnoOf } from './errno.ts';
import { fileEffect } from './file-effect.ts';
import type { Files } from './files.ts';
import { own, SAFELY, syncHandle, withFile } from './handle.ts';
import { makeDirectory } from './make-directory.ts';
import { removeTree } from './remove-tree.ts';
import { syncTree } from './sync-tree.ts';

type FileChanges = Pick<
  Files,
  'makeDirectory' | 'rename' | 'link' | 'symlink' | 'remove' | 'removeTree' | 'setOwnership' | 'sync' | 'syncTree'
>;

const READ = constants.O_RDONLY | constants.O_NONBLOCK;

async function remove(path: string): Promise<void> {
  try {
    await ((await lstat(path)).isDirectory() ? rmdir(path) : unlink(path));
  } catch (cause) {
    if (errnoOf(cause) !== 'ENOENT' && errnoOf(cause) !== 'ENOTDIR') throw cause;
  }
}

export function fileChanges(effects: Effects): FileChanges {
  const change = <T>(action: string, path: string, act: () => Promise<T>) =>
    fileEffect(effects, 'change', action, path, act);
  return {
    makeDirectory: (path, owner) => change(`make the directory ${path}`, path, () => makeDirectory(path, owner)),
    rename: (from, to) => change(`rename ${from} to ${to}`, to, () => rename(from, to)),
    link: (existing, path) => change(`link ${path} to ${existing}`, path, () => link(existing, path)),
    symlink: (target, path) => change(`make the link ${path}`, path, () => symlink(target, path)),
    remove: (path) => change(`remove ${path}`, path, () => remove(path)),
    removeTree: (path) => change(`remove ${path}`, path, () => removeTree(path)),
    setOwnership: (path, owner) =>
      change(`set the owner of ${path}`, path, () => withFile(path, READ | SAFELY, (handle) => own(handle, owner))),
    sync: (path) => change(`sync ${path}`, path, () => withFile(path, READ, syncHandle)),
    syncTree: (path) => change(`sync ${path}`, path, () => syncTree(path)),
  };
}
