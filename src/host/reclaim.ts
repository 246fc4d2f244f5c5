import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MINOR_EVERY = 4 * 1024 * 1024;
const MAJOR_EVERY = 256 * 1024 * 1024;

type CollectGarbage = (options: { readonly type: 'minor' | 'major' }) => void;

/**
 * Returns a function to be told of bytes that came from a socket: each chunk is a buffer outside of the JavaScript heap, and
 * V8 lets 64 MiB of dead ones pile up before it looks. On a small server that is memory the product needs. A minor
 * collection each 4 MiB takes under a millisecond and keeps them below 10 MiB. What it meets alive it moves to the old
 * generation, where nothing else looks either: up to 12 MB per GB of download piled up there, until a major one.
 *
 * `majorEvery`: sooner, for bytes that are kept for a while.
 */
export function reclaimer(majorEvery = MAJOR_EVERY): (bytes: number) => void {
  let collect: CollectGarbage | undefined;
  let sinceMinor = 0;
  let sinceMajor = 0;
  return (bytes) => {
    sinceMinor += bytes;
    sinceMajor += bytes;
    if (sinceMinor < MINOR_EVERY) return;
    sinceMinor = 0;
    const isMajor = sinceMajor >= majorEvery;
    if (isMajor) sinceMajor = 0;
    collect ??= exposeGarbageCollection();
    collect({ type: isMajor ? 'major' : 'minor' });
  };
}

/** The flag holds for contexts made after it was set, so it is asked for in a new one. */
function exposeGarbageCollection(): CollectGarbage {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as CollectGarbage;
}
