import type { Step } from '../../engine/step.ts';
import type { FormerOwners, OwnersBefore } from '../facts.ts';
import { giveOwners, ownersBefore } from '../owners.ts';
import type { World } from '../world.ts';

/**
 * A rollback over a change of the service's account: everything is its former owner's again before the old version starts, or
 * systemd would give the whole state directory to it, what containers keep there too.
 */
export const restoreOwners: Step<World, FormerOwners, { readonly owners: OwnersBefore }> = {
  async prepare({ host }, { user }) {
    return { owners: await ownersBefore(host, user) };
  },
  async change({ host }, { user, owners }, before) {
    await giveOwners(host, owners, undefined);
    return { user, owners: before.owners };
  },
  async revert({ host }, _input, { owners }) {
    await giveOwners(host, owners, undefined);
  },
};
