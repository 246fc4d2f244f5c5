import { RefitError } from '../errors.ts';
import { bulk } from './bulk.ts';
import { withEntries } from './entries.ts';
import { type DataHost, startsOf } from './listing.ts';
import { isLeftAlone } from './place.ts';
import { clear, type Staging } from './staging.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';

/**
 * Moves what is live away, entry by entry: the directory itself may be a mount point, which cannot be renamed (EBUSY).
 * A database's -wal and -shm go with it, also where the copy has none. Numbered backups: a second attempt loses nothing of the
 * first.
 */
export async function moveAway(host: DataHost, staging: Staging): Promise<void> {
  const { files, commands } = host;
  const { place, displaced } = staging;
  const live = { place, at: place.directory };
  const starts = await startsOf(files, live);
  if (starts.length > 0) {
    await files.makeDirectory(displaced, { mode: 0o700 });
    const move = ['mv', '--backup=numbered', '-t', displaced, '--'] as const;
    if (place.names !== undefined) await bulk(commands, [...move, ...starts]);
    else await withEntries(host, live, move, (argv) => bulk(commands, argv));
    const left = await remaining(host, staging);
    if (left.length > 0) throw stranger(`${place.directory}/${left[0]}`, 'nothing, it was just moved away');
    await files.sync(displaced);
    await files.sync(place.directory);
  }
  await files.rename(staging.path('ready'), staging.path('entering'));
  await files.sync(staging.folder);
}

async function remaining({ files }: DataHost, { place }: Staging): Promise<readonly string[]> {
  const names = await files.list(place.directory);
  return names.filter((name) => place.names?.includes(name) ?? !isLeftAlone(place, name));
}

/** Moves what is staged in. Never over something: `mv` leaves that where it is, and then somebody else writes there. */
export async function moveIn(host: DataHost, staging: Staging): Promise<void> {
  const { directory } = staging.place;
  const entering = staging.path('entering');
  const everything = { place: { ...staging.place, exclude: [] }, at: entering };
  // The status of `mv -n` that skipped something differs between coreutils 9.1 and 9.2: the folder says what happened.
  const results = await withEntries(host, everything, ['mv', '--no-clobber', '-t', directory, '--'], (argv) =>
    host.commands.run(argv, { timeoutMs: COPY_TIMEOUT_MS }),
  );
  const [left] = await host.files.list(entering);
  if (left === undefined) return;
  // The next call begins anew, and keeps what the stranger wrote among the displaced.
  await clear(host.files, staging);
  const said = results.map(({ stderr }) => stderr.trim()).join(' ');
  throw stranger(`${directory}/${left}`, said || 'nothing there before the copy is put back');
}

export function stranger(path: string, expected: string): RefitError {
  return new RefitError('E_WORLD_CHANGED', `Cannot put the data back: saw ${path}, expected ${expected}`, {
    hint: `Stop whatever writes there (fuser -v ${path}), then run refit rollback again`,
    facts: { path },
  });
}
