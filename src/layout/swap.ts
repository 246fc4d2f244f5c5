import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { LayoutHost } from './dress.ts';
import type { Swapped, Target } from './layout.ts';
import { realFile } from './real-path.ts';

/** See `Layout.swap`. */
export async function swap({ files, clock }: LayoutHost, targets: readonly Target[]): Promise<Swapped> {
  const begun = clock.monotonic();
  const replaced: string[] = [];
  // All of them are looked at before the first is renamed: half a swap is the worst place to find out.
  const plans = [];
  for (const target of targets)
    plans.push({ target, path: await realFile(files, target.target), isDone: await isDone(files, target) });
  for (const { target, path, isDone } of plans) {
    if (isDone) continue;
    if (target.keepPrevious) await keepPrevious(files, target, path);
    await files.rename(target.staged, path);
    replaced.push(path);
  }
  // Those found done too: the call that renamed them may have died before it synced.
  await syncDirectories(
    files,
    plans.map(({ path }) => path),
  );
  return { ms: clock.monotonic() - begun, replaced };
}

export async function syncDirectories(files: Files, paths: readonly string[]): Promise<void> {
  for (const directory of new Set(paths.map((path) => posix.dirname(path)))) await files.sync(directory);
}

/** A staged file is as it was dressed, or is gone because it is live already. */
async function isDone(files: Files, target: Target): Promise<boolean> {
  const staged = await files.stat(target.staged);
  if (staged === undefined) {
    const path = await realFile(files, target.target);
    const live = (await files.stat(path)) === undefined ? undefined : await files.digest(path);
    if (live?.sha256 === target.sha256) return true;
    throw changed(target.staged, `nothing there and ${live?.sha256 ?? 'nothing'} at ${path}`, target.sha256);
  }
  const { type, size, mode, uid, gid } = staged;
  const saw = `${type} of ${size} bytes, mode 0${mode.toString(8)}, owner ${uid}:${gid}`;
  const expected = `file of ${target.size} bytes, mode 0${target.mode.toString(8)}, owner ${target.uid}:${target.gid}`;
  if (saw !== expected) throw changed(target.staged, saw, expected);
  return false;
}

/** A hard link made aside and renamed, so that there is never neither an old `.old` nor a new one. */
async function keepPrevious(files: Files, { staged }: Target, path: string): Promise<void> {
  const live = await files.stat(path);
  const previous = await files.stat(`${path}.old`);
  // A rename between two names of one file does nothing, and leaves both: rename(2).
  if (live === undefined || live.inode === previous?.inode) return;
  const aside = `${staged}.previous`;
  await files.remove(aside);
  await files.link(path, aside);
  await files.rename(aside, `${path}.old`);
}

function changed(path: string, saw: string, expected: string): RefitError {
  return new RefitError('E_WORLD_CHANGED', `Cannot install ${path}: saw ${saw}, expected ${expected}`, {
    hint: 'Fetch and verify again; nothing else may write there',
    facts: { path },
  });
}
