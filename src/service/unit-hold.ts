import { dirname } from 'node:path';
import type { Host } from '../host/host.ts';
import { putMarker, removeDurably } from './marker.ts';
import { unitText, unitWord } from './quoted-words.ts';
import type { Hold } from './service.ts';
import { forgetStarts, reload } from './systemctl.ts';

const UNITS = '/etc/systemd/system';

/** Last of all drop-ins by its name, so that none resets what it says. */
const dropInOf = (unit: string): string => `${UNITS}/${unit}.d/zz-refit-hold.conf`;

/**
 * Assert and not Condition: a start that is refused has to fail, not to succeed without a service. The mount comes first, or
 * a marker on a disk that is not there yet at boot would forbid nothing.
 */
const dropInText = ({
  marker,
  stateDirectory,
}: Hold): string => `# refit is changing this service. This file goes when it is done; until then \`refit status\` says more.
[Unit]
AssertPathExists=!${unitText(marker)}
RequiresMountsFor=${unitWord(stateDirectory)}
`;

/** See `ServiceManager.armHold`. */
export async function armUnitHold({ files, commands }: Pick<Host, 'files' | 'commands'>, hold: Hold): Promise<void> {
  const dropIn = dropInOf(hold.unit);
  await putMarker(files, hold.marker);
  await files.makeDirectory(dirname(dropIn), { mode: 0o755 });
  await files.writeAtomic(dropIn, dropInText(hold), { mode: 0o644 });
  // Also where all of it was there already: who wrote it may have died before this line.
  await reload(commands);
  // The service runs; in the window this would be downtime.
  await forgetStarts(commands, hold.unit);
}

/** See `ServiceManager.releaseHold`. */
export async function releaseUnitHold(
  { files, commands }: Pick<Host, 'files' | 'commands'>,
  hold: Hold,
): Promise<void> {
  const dropIn = dropInOf(hold.unit);
  const directory = dirname(dropIn);
  await removeDurably(files, hold.marker);
  if ((await files.stat(directory)) !== undefined) {
    await removeDurably(files, dropIn);
    if ((await files.list(directory)).length === 0) await removeDurably(files, directory);
  }
  await reload(commands);
}
