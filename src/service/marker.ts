import { dirname } from 'node:path';
import type { Files } from '../host/files.ts';

const MARKER_TEXT =
  'refit is changing this service; while this file exists it is not started. `refit status` says more.\n';

/** The file alone forbids the start; what it says is for whoever finds it. Rewritten with the same text, it is never half there. */
export async function putMarker(files: Files, marker: string): Promise<void> {
  await files.writeAtomic(marker, MARKER_TEXT, { mode: 0o644 });
}

/** Not durable by itself: a host that loses power right after has it back, and starts nothing before somebody resumes. */
export async function removeDurably(files: Files, path: string): Promise<void> {
  if ((await files.stat(path)) === undefined) return;
  await files.remove(path);
  await files.sync(dirname(path));
}
