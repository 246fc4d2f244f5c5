import type { Step } from '../../engine/step.ts';
import type { Facts } from '../facts.ts';
import { transferMeter } from '../transfer-meter.ts';
import type { World } from '../world.ts';

/** Fetches the archives whole, resuming what an earlier attempt left. Nothing is executed or unpacked here. */
export const download: Step<World, null, null> = {
  prepare: async () => null,
  async change({ releases, facts, store, host, report }, _input, _undo, stop) {
    const { tag, archives, list } = releaseTarget(facts);
    await host.files.makeDirectory(downloadDirectory(store.releases, tag), { mode: 0o700 });
    let bytes = 0;
    for (const { asset } of archives) {
      const paceAt = transferMeter(host.clock);
      const { size } = await releases.download(asset, {
        to: downloadPath(store.releases, tag, asset.name),
        maxBytes: facts.profile.release.max_bytes,
        stop,
        bytesPerSecond: facts.options.limitRate,
        onProgress: (done, total) => report({ kind: 'bytes', what: asset.name, done, total, ...paceAt(done, total) }),
        elsewhere: list.elsewhere,
        onPassedBy: (text) => report({ kind: 'note', text }),
      });
      bytes += size;
    }
    return { bytes, archives: archives.length };
  },
  // What arrived stays: it is proven before any use, and the next attempt goes on from it.
  revert: async () => undefined,
  async discard({ host, store, facts }) {
    await host.files.removeTree(downloadDirectory(store.releases, releaseTarget(facts).tag));
  },
};

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
