import { RefitError } from '../errors.ts';
import type { CopyMade, DataItem, Generation, PutBack, PutBackOptions } from './data.ts';
import { compare, entriesOf, type Raw } from './entry.ts';
import { moveAway, moveIn, stranger } from './exchange.ts';
import { knownSame } from './known-same.ts';
import { type DataHost, list } from './listing.ts';
import { inBlocks, type KeptSight, readManifest } from './manifest.ts';
import type { ManifestPlace } from './manifest-lines.ts';
import { refuseMounts } from './mounts.ts';
import { placesOf } from './place.ts';
import { clear, markReady, type Staging, stage, stagedSight, stagingOf } from './staging.ts';

/** See `Data.stagePutBack`. */
export async function stagePutBack(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  options: PutBackOptions,
): Promise<void> {
  const stagings = await stagingsFor(host, items, generation, options);
  const open = stagings.filter(({ phase }) => phase === 'none');
  // By `stat` alone: what changes under a service that runs is judged again once it is stopped.
  const alike = await matching(host, open, 'none', true);
  const fresh: Staging[] = [];
  for (const staging of open.filter((each) => !alike.includes(each))) {
    // What is not there now would have to be made for it, below a service that runs.
    if ((await host.files.stat(staging.place.directory)) !== undefined) fresh.push(staging);
  }
  await stageAll(host, generation, fresh);
}

/** See `Data.putBack`. */
export async function putBack(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  options: PutBackOptions,
): Promise<PutBack> {
  const begun = host.clock.monotonic();
  const stagings = await stagingsFor(host, items, generation, options);
  const open = await needed(host, stagings, options.copied);
  await stageAll(
    host,
    generation,
    open.filter(({ phase }) => phase === 'none'),
  );

  for (const staging of open) {
    if (staging.phase !== 'entering') await moveAway(host, staging);
    await moveIn(host, staging);
  }
  await finish(host, stagings);
  const displaced = [...new Set(open.map((staging) => staging.displaced))];
  const kept = await Promise.all(displaced.map(async (path) => ((await host.files.stat(path)) ? [path] : [])));
  return { ms: host.clock.monotonic() - begun, displaced: kept.flat() };
}

async function stagingsFor(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  options: PutBackOptions,
): Promise<readonly Staging[]> {
  const places = await readManifest(host.files, generation);
  await refuseMoved(host, items, generation, places);
  await refuseMounts(host.files, places);
  return Promise.all(places.map((place, index) => stagingOf(host.files, place, index, options)));
}

/** Nothing live has moved when this ends, however it ends: a full disk or a damaged generation changes nothing. */
async function stageAll(host: DataHost, generation: Generation, fresh: readonly Staging[]): Promise<void> {
  try {
    for (const staging of fresh) await stage(host, generation, staging);
    await proveStaged(host, generation, fresh);
    for (const staging of fresh) await markReady(host, staging);
  } catch (error) {
    // What is staged keeps a full disk full, and the service is to start on it. The first error is the one that counts.
    await Promise.allSettled(fresh.map((staging) => clear(host.files, staging)));
    throw error;
  }
}

/** The link in front of the data may lead elsewhere by now: that is not where this copy belongs. */
async function refuseMoved(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  places: readonly ManifestPlace[],
): Promise<void> {
  const now = await placesOf(host.files, items, generation);
  for (const place of places) {
    const { path, directory } = place;
    if (now.some((other) => other.path === path && other.directory === directory)) continue;
    const saw = now.find((other) => other.path === path)?.directory ?? 'another list of data';
    throw new RefitError(
      'E_WORLD_CHANGED',
      `Cannot put ${path} back: saw ${saw}, expected ${directory} as when copied`,
      {
        hint: `Look at ls -ld ${path}, and make it lead to ${directory} again`,
        facts: { path, saw, expected: directory },
      },
    );
  }
}

/** Leaves out the places that are as they should be. What `stat` says decides most of the time, without reading anything. */
async function needed(
  host: DataHost,
  stagings: readonly Staging[],
  copied: CopyMade | undefined,
): Promise<readonly Staging[]> {
  const begun = stagings.filter(({ phase }) => phase !== 'none');
  const untouched = stagings.filter(({ phase }) => phase === 'none');
  const alike = await matching(host, untouched, 'none');
  const places = alike.map(({ place }) => place);
  const known = copied === undefined ? [] : await knownSame(host, places, copied);
  const unread = alike.filter(({ place }) => !known.includes(place));
  const same = new Set([...alike.filter((each) => !unread.includes(each)), ...(await matching(host, unread, 'all'))]);
  return [...begun, ...untouched.filter((staging) => !same.has(staging))];
}

async function matching(
  host: DataHost,
  stagings: readonly Staging[],
  digests: 'none' | 'all',
  moving = false,
): Promise<readonly Staging[]> {
  const sights = stagings.map(liveSight);
  const lists = await list(host, sights, digests === 'all' ? inBlocks(sights) : 'none', moving);
  const comparison = { digests: digests === 'all', root: true };
  return stagings.filter(
    ({ place }, index) => compare(place.entries, entriesOf(lists[index] ?? []), comparison).length === 0,
  );
}

function liveSight({ place }: Staging): KeptSight {
  return { place, at: place.directory };
}

async function proveStaged(host: DataHost, generation: Generation, fresh: readonly Staging[]): Promise<void> {
  const sights = fresh.map((staging) => stagedSight(staging, 'making'));
  const lists = await list(host, sights, inBlocks(sights));
  for (const [index, { place }] of fresh.entries()) {
    const [first] = compare(place.entries, entriesOf(lists[index] ?? []), { digests: true, root: false });
    if (first === undefined) continue;
    throw new RefitError(
      'E_DIGEST_MISMATCH',
      `Cannot put ${place.path} back from ${generation.root}: saw ${first.path} with ${first.saw}, expected ${first.expected}`,
      {
        hint: 'Nothing was moved. Look at the disk; refit backup list shows older copies',
        facts: { path: place.path },
      },
    );
  }
}

/** Clears the staging away, gives each directory what it wore, and looks at the whole once more. */
async function finish(host: DataHost, stagings: readonly Staging[]): Promise<void> {
  for (const staging of stagings) await clear(host.files, staging);
  const lists = await list(host, stagings.map(liveSight), 'none');
  for (const [index, { place }] of stagings.entries()) await dress(host, place, lists[index] ?? []);
  const after = await list(host, stagings.map(liveSight), 'none');
  for (const [index, { place }] of stagings.entries()) {
    const [first] = compare(place.entries, entriesOf(after[index] ?? []), { digests: false, root: true });
    if (first !== undefined) throw stranger(`${place.directory}/${first.path} with ${first.saw}`, first.expected);
  }
}

/** Owner, mode and mtime of a listed directory; mtime last, since our folders in it changed it. */
async function dress({ files, commands }: DataHost, place: ManifestPlace, live: readonly Raw[]): Promise<void> {
  if (place.names !== undefined) return;
  const [wanted, saw] = [place.entries, live].map((entries) => entries.find(({ name }) => name === ''));
  if (wanted === undefined) {
    if (saw !== undefined && (await files.list(place.directory)).length === 0) await files.remove(place.directory);
    return;
  }
  if (wanted.mode !== saw?.mode || wanted.uid !== saw.uid || wanted.gid !== saw.gid)
    await files.setOwnership(place.directory, { mode: wanted.mode, uid: wanted.uid, gid: wanted.gid });
  if (wanted.mtime !== saw?.mtime)
    await commands.must(['touch', '--no-create', `--date=@${wanted.mtime}`, '--', place.directory], {
      timeoutMs: 60_000,
    });
  await files.sync(place.directory);
}
