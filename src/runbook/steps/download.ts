import { dirname } from 'node:path';
import type { Step } from '../../engine/step.ts';
import { cacheEntries } from '../cache/entries.ts';
import { keepInCache } from '../cache/keep.ts';
import { planCachePrune, pruneCache, UNUSED_MS } from '../cache/prune.ts';
import { takeFromCache } from '../cache/take.ts';
import { toldDigest } from '../cache/told-digest.ts';
import type { Archive, Facts } from '../facts.ts';
import { ignoring } from '../ignoring.ts';
import { transferMeter } from '../transfer-meter.ts';
import type { World } from '../world.ts';

/** Fetches the archives whole, resuming what an earlier attempt left. Nothing is executed or unpacked here. */
export const download: Step<World, null, null> = {
  prepare: async () => null,
  async change(world, _input, _undo, stop) {
    const { releases, facts, store, host, report } = world;
    const { tag, archives, list } = releaseTarget(facts);
    await host.files.makeDirectory(downloadDirectory(store.releases, tag), { mode: 0o700 });
    let bytes = 0;
    for (const { asset, arch } of archives) {
      const to = downloadPath(store.releases, tag, asset.name);
      const sha256 = await digestOf(world, { asset, arch }, stop);
      if (sha256 !== undefined) await take(world, asset.name, sha256, to);
      const paceAt = transferMeter(host.clock);
      const { size } = await releases.download(asset, {
        to,
        maxBytes: facts.profile.release.max_bytes,
        stop,
        sha256,
        bytesPerSecond: facts.options.limitRate,
        onProgress: (done, total) => report({ kind: 'bytes', what: asset.name, done, total, ...paceAt(done, total) }),
        elsewhere: list.elsewhere,
        onPassedBy: (text) => report({ kind: 'note', text }),
      });
      bytes += size;
    }
    return { bytes, archives: archives.length };
  },
  // What arrived in part stays, and the next attempt goes on from it; what was proven went into the cache.
  revert: async () => undefined,
  async discard({ host, store, facts, outputOf }) {
    const downloads = downloadDirectory(store.releases, releaseTarget(facts).tag);
    await keepInCache(host, { downloads, cache: store.cache }, outputOf('prove'));
    await host.files.removeTree(downloads);
    const stateDirectory = dirname(store.root);
    // A journal that cannot be read may hold any of them: then all stay, and this upgrade is none the worse.
    await ignoring(async () =>
      pruneCache({ host }, await planCachePrune({ host, stateDirectory }, { olderThanMs: UNUSED_MS })),
    );
  },
};

/** What the archive must be, asked for only where it helps: to find it in the cache, or to tell one mirror's bytes from another's. */
async function digestOf(
  { releases, facts, store, host }: World,
  { asset, arch }: Archive,
  stop: AbortSignal,
): Promise<string | undefined> {
  const { list, sha256, pins } = releaseTarget(facts);
  const helps = list.elsewhere !== undefined || (await cacheEntries(host.files, store.cache)).length > 0;
  if (!helps) return undefined;
  const pinned = arch === facts.installation.arch ? sha256 : undefined;
  return toldDigest(releases, list, { name: asset.name, pinned, pin: pins?.[asset.name], stop });
}

async function take({ host, store, report }: World, name: string, sha256: string, to: string): Promise<void> {
  const outcome = await takeFromCache(host, store.cache, sha256, to);
  if (outcome === 'taken') report({ kind: 'note', text: `${name} is in the cache: nothing to fetch` });
  if (outcome === 'damaged')
    report({ kind: 'note', text: `${name} in the cache was damaged: removed, and fetched anew` });
}

export function releaseTarget({ target }: Facts): Extract<Facts['target'], { kind: 'release' }> {
  if (target.kind !== 'release') throw new Error('internal: this plan installs no release');
  return target;
}

export function downloadDirectory(releases: string, tag: string): string {
  return `${releases}/${tag}`;
}

export function downloadPath(releases: string, tag: string, asset: string): string {
  return `${downloadDirectory(releases, tag)}/${asset}`;
}
