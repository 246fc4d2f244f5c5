import { make, streamOf } from './archive/make.ts';
import { unpack } from './archive/unpack.ts';
import type { Archives } from './archives.ts';
import type { DataHost } from './listing.ts';

/** `Archives` by GNU tar, compressed by Node: a host need not have zstd. */
export function gnuArchives(host: DataHost): Archives {
  return {
    stream: (generation, compression, stop) => streamOf(host, generation, compression, { stop }),
    make: (generation, file, options) => make(host, generation, file, options ?? {}),
    unpack: (file, generation, expected) => unpack(host, file, generation, expected ?? {}),
  };
}
