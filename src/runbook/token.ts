import type { Files } from '../host/files.ts';
import type { RunPaths } from './store/paths.ts';

/** The product's API token, kept 0600 in the run's folder until the run ends. Undefined where none was given. */
export async function readToken(files: Files, run: RunPaths): Promise<string | undefined> {
  if ((await files.stat(run.token)) === undefined) return undefined;
  return (await files.read(run.token, { maxBytes: 65_536 })).toString('utf8').trim();
}
