import type { Effects } from './effects.ts';
import type { Files } from './files.ts';
import { fileChanges } from './files-change.ts';
import { fileReads } from './files-read.ts';
import { fileWrites } from './files-write.ts';

export function nodeFiles(effects: Effects): Files {
  return { ...fileReads, ...fileWrites(effects), ...fileChanges(effects) };
}
