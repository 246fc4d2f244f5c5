import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { LayoutHost } from './dress.ts';
import type { BinaryStore, Live, Swapped } from './layout.ts';
import { look, lookAt } from './look.ts';
import { stageDirectory, stagingPath } from './staging.ts';
import { CP, isSame, prove, recorded, storedPath } from './store.ts';
import { syncDirectories } from './swap.ts';

/** See `Layout.restore`. */
export async function restore(host: LayoutHost, store: BinaryStore, run: string): Promise<Swapped> {
  const { files, clock } = host;
  const begun = clock.monotonic();
  const lives = await recorded(files, store);
  const wrong: Live[] = [];
  for (const live of lives) {
    const now = await look(files, live.target);
    if (now.path !== live.path) throw moved(live, now.path);
    if (!isSame(now, live)) wrong.push(live);
  }
  // Everything is staged and proven before the first rename: a full disk or a damaged copy changes nothing.
  for (const live of wrong) if (live.present) await stage(host, store, live, run);
  for (const live of wrong) {
    if (live.present) await files.rename(stagedPath(live, run), live.path);
    else await files.remove(live.path);
  }
  // One that was there before is among what was recorded, and is back.
  const kept = lives.filter(({ present }) => present).map(({ path }) => path);
  for (const live of lives) if (!kept.includes(twinOf(live))) await dropTwin(files, live);
  const parents = lives.map(({ path }) => path);
  await syncDirectories(files, await existing(files, parents));
  for (const live of wrong) await prove(files, live, live.path);
  return { ms: clock.monotonic() - begun, replaced: wrong.map(({ path }) => path) };
}

function stagedPath({ path }: Live, run: string): string {
  return `${stagingPath(path, run)}/restored-${posix.basename(path)}`;
}

async function stage({ files, commands }: LayoutHost, store: BinaryStore, live: Live, run: string): Promise<void> {
  await stageDirectory(files, live.path, run);
  const staged = stagedPath(live, run);
  await files.remove(staged);
  const argv = [...CP, '--no-target-directory', '--', storedPath(store, live.path), staged] as const;
  await commands.must(argv, { timeoutMs: 60 * 60 * 1000 });
  await prove(files, live, staged);
  await files.sync(staged);
}

function twinOf({ path }: Live): string {
  return `${path}.old`;
}

/** `swap` made it for a person, to go back by hand; now it only says the same as the file beside it. */
async function dropTwin(files: Files, live: Live): Promise<void> {
  const previous = twinOf(live);
  if (!live.present || (await files.stat(previous))?.type !== 'file') return;
  const twin = await lookAt(files, live.target, previous);
  if (twin.present && twin.sha256 === live.sha256) await files.remove(previous);
}

/** A directory that was made for a new asset may be gone again. */
async function existing(files: Files, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => files.stat(posix.dirname(path))));
  return paths.filter((_, index) => found[index] !== undefined);
}

function moved(live: Live, saw: string): RefitError {
  return new RefitError(
    'E_WORLD_CHANGED',
    `Cannot restore ${live.target}: saw ${saw} behind it, expected ${live.path}`,
    {
      hint: `Look at ls -l ${live.target}, and make it lead to ${live.path} again`,
      facts: { path: live.target, saw, expected: live.path },
    },
  );
}
