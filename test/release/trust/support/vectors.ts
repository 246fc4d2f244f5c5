import fs from 'node:fs';
import path from 'node:path';

const project = path.resolve(import.meta.dirname, '../../../..');
/** Shared beside the project: entries of the public log, real certificates. Not part of it. */
const SHARED = path.resolve(project, '../shared/vectors');

/** Where the shared vectors lie; undefined, with a notice, where they do not. */
export function sharedVectors(): string | undefined {
  if (fs.existsSync(SHARED)) return SHARED;
  console.warn(`refit: ${path.relative(project, SHARED)} is not here: its vectors are skipped`);
  return undefined;
}
