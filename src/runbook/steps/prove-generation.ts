import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { filesList, generationTarget, targetGeneration } from '../generations.ts';
import type { World } from '../world.ts';

/**
 * Before the window of a rollback: what goes back is what was copied, byte for byte, by the digests that the journal of its run
 * kept. The folder lies beside the data and may belong to the service, which could have put another list there.
 */
export const proveGeneration: Step<World, null, null> = {
  prepare: async () => null,
  async change({ data, facts, host }) {
    const generation = targetGeneration(facts);
    const { filesSha256, manifestSha256 } = generationTarget(facts);
    const list = filesList(generation);
    const { sha256 } = await host.files.digest(list);
    if (filesSha256 !== undefined && sha256 !== filesSha256) {
      throw new RefitError('E_DIGEST_MISMATCH', `Cannot trust ${list}: saw ${sha256}, expected ${filesSha256}`, {
        hint: 'Somebody changed the copies since they were made; restore from a backup of your own',
        facts: { path: list },
      });
    }
    if (facts.data.length > 0) await data.verify(generation, manifestSha256);
    return { filesSha256: sha256 };
  },
  revert: async () => undefined,
};
