import { posix } from 'node:path';
import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { dropInText } from '../crossings/service-user.ts';
import type { OwnersBefore } from '../facts.ts';
import { giveOwners, ownersBefore } from '../owners.ts';
import type { World } from '../world.ts';
import { putFilesBack } from './put-files-back.ts';

/** Makes the service run as the account that a crossing names: its data first, then the drop-in. The service is stopped. */
export const changeUser: Step<World, null, { readonly owners: OwnersBefore }> = {
  async prepare({ host, facts: { options } }) {
    return { owners: options.serviceUser === undefined ? [] : await ownersBefore(host, options.serviceUser) };
  },
  async change({ host, layout, service, facts, run }, _input, { owners }) {
    const { options, installation } = facts;
    if (options.serviceUser === undefined) return {};
    const { user, group, dropIn } = options.serviceUser;
    await giveOwners(host, owners, options.serviceUser);
    await host.files.makeDirectory(posix.dirname(dropIn), { mode: 0o755 });
    await layout.rewrite({ path: dropIn, text: dropInText({ user, group }), mode: 0o644, uid: 0, gid: 0 }, run.part);
    await service.reload();
    const unit = await service.inspect(installation.unit);
    if (unit?.user === user && unit.group === group) return { user: options.serviceUser, owners };
    throw new RefitError(
      'E_WORLD_CHANGED',
      `Cannot make ${installation.unit} run as ${user}:${group}: saw ${unit?.user}:${unit?.group} after ${dropIn} was written`,
      { hint: `Another drop-in says otherwise: systemctl cat ${installation.unit}` },
    );
  },
  async revert(world, _input, { owners }) {
    // The drop-in goes, or is as it was: it is kept in the generation, as the unit is.
    await putFilesBack(world, world.generation);
    await giveOwners(world.host, owners, undefined);
  },
};
