import type { BigIntStats } from 'node:fs';
import type { FileStat } from './files.ts';

function typeOf(found: BigIntStats): FileStat['type'] {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSymbolicLink() ? 'link' : 'other';
}

export function toFileStat(found: BigIntStats): FileStat {
  return {
    type: typeOf(found),
    size: Number(found.size),
    mode: Number(found.mode) & 0o7777,
    uid: Number(found.uid),
    gid: Number(found.gid),
    mtimeNs: found.mtimeNs,
    ctimeNs: found.ctimeNs,
    inode: found.ino,
    device: found.dev,
    links: Number(found.nlink),
  };
}
