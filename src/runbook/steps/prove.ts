import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { Evidence } from '../../release/release.ts';
import type { World } from '../world.ts';
import { downloadPath, releaseTarget } from './download.ts';

/** What was proven of each archive, by asset name. */
export type Proven = { readonly [asset: string]: Evidence };

/** Compares the archives with every digest that is claimed for them. What fails is removed, so that it is fetched anew. */
export const prove: Step<World, null, null> = {
  prepare: async () => null,
  async change({ releases, facts, store, host, run }, _input, _undo, stop) {
    const { tag, archives, list, sha256 } = releaseTarget(facts);
    const proven: Record<string, Evidence> = {};
    for (const { asset } of archives) {
      const path = downloadPath(store.releases, tag, asset.name);
      const claims = await releases.claims(list, { name: asset.name, pinned: sha256, stop });
      try {
        proven[asset.name] = (await releases.verify(path, claims)).evidence;
      } catch (error) {
        if (error instanceof RefitError && error.code === 'E_DIGEST_MISMATCH') await host.files.remove(path);
        throw error;
      }
    }
    await host.files.makeDirectory(run.paths.evidence, { mode: 0o700 });
    await host.files.writeAtomic(`${run.paths.evidence}/release.json`, `${JSON.stringify(proven, null, 2)}\n`, {
      mode: 0o600,
    });
    return JSON.parse(JSON.stringify(proven));
  },
  revert: async () => undefined,
};
