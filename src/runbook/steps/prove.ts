import type { Step } from '../../engine/step.ts';
import { type ErrorCode, RefitError } from '../../errors.ts';
import type { Evidence } from '../../release/release.ts';
import { keepInCache } from '../cache/keep.ts';
import { manifestRequestOf } from '../manifest-request.ts';
import { isReplay, REPLAYED, replayed } from '../replay.ts';
import { highestSequence, noteSequence } from '../store/sequences.ts';
import { signatureTexts, trustPolicyOf } from '../trust-policy.ts';
import type { World } from '../world.ts';
import { downloadDirectory, downloadPath, releaseTarget } from './download.ts';

/** What was proven of each archive, by asset name. */
export type Proven = { readonly [asset: string]: Evidence };

/** Says that these are not the bytes that were released; what is missing says nothing of them. */
const REFUTED: readonly ErrorCode[] = ['E_DIGEST_MISMATCH', 'E_SIGNATURE_INVALID', 'E_SIGNER_MISMATCH'];

/**
 * Proves the archives by every digest that is claimed for them and by what the policy of the plan demands. What fails is
 * removed, so that it is fetched anew.
 */
export const prove: Step<World, null, null> = {
  prepare: async () => null,
  async change(world, _input, _undo, stop) {
    const { releases, facts, store, host, run, report } = world;
    const { tag, archives, list, sha256, manifest: planned, pins } = releaseTarget(facts);
    const policy = trustPolicyOf(facts.profile);
    const proven: Record<string, Evidence> = {};
    let refused: RefitError | undefined;
    for (const { asset, arch } of archives) {
      const path = downloadPath(store.releases, tag, asset.name);
      // One digest is of one archive: the one that holds this machine's binary.
      const pinned = arch === facts.installation.arch ? sha256 : undefined;
      const manifest = manifestRequestOf(facts.profile, { arch, version: tag, channel: planned?.channel });
      const pin = pins?.[asset.name];
      try {
        const { evidence } = await releases.prove(path, list, {
          name: asset.name,
          pinned,
          pin,
          policy,
          manifest,
          stop,
        });
        await requireNew(world, evidence);
        proven[asset.name] = evidence;
        for (const text of signatureTexts(evidence)) report({ kind: 'note', text });
      } catch (error) {
        if (!(error instanceof RefitError)) throw error;
        // Every one that is wrong: of a source that was mended meanwhile, one left behind would be refused again.
        if (REFUTED.includes(error.code)) await host.files.remove(path);
        refused ??= error;
      }
    }
    if (refused !== undefined) throw refused;
    await host.files.makeDirectory(run.paths.evidence, { mode: 0o700 });
    await host.files.writeAtomic(`${run.paths.evidence}/release.json`, `${JSON.stringify(proven, null, 2)}\n`, {
      mode: 0o600,
    });
    return JSON.parse(JSON.stringify(proven));
  },
  /** What fails after it may work another day, or elsewhere: the bytes are what they were proven to be. */
  async revert({ facts, store, host, outputOf }) {
    const downloads = downloadDirectory(store.releases, releaseTarget(facts).tag);
    await keepInCache(host, { downloads, cache: store.cache }, outputOf('prove'));
  },
};

/** Asked again under the lock, of the manifest that counts; and remembered, so that no older one comes after it. */
async function requireNew({ host, store, facts, run }: World, { manifest }: Evidence): Promise<void> {
  if (manifest === undefined) return;
  const highest = await highestSequence(host, store);
  const waived = isReplay(manifest, highest);
  if (waived && highest !== undefined && !facts.options.waived.includes(REPLAYED)) throw replayed(manifest, highest);
  const { sequence, sha256, version } = manifest;
  await noteSequence(host, store, { type: 'sequence', sequence, tag: version, sha256, run: run.id, waived });
}
