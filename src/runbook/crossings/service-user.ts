import type { CrossingFinding } from '../../product/crossings.ts';
import { idsOf } from '../account.ts';
import type { ServiceUser } from '../facts.ts';
import type { Found } from '../find.ts';
import type { Workshop } from '../workshop.ts';

/** Unlike the unit it is nobody else's: a file of its own, gone with one `rm`. */
export const dropInText = ({ user, group }: Pick<ServiceUser, 'user' | 'group'>): string =>
  `[Service]\nUser=${user}\nGroup=${group}\n`;

/** Whom that crossing makes the service run as; undefined where this host has no such account. `left`: files that it reads no more. */
export async function serviceUser(
  { host }: Pick<Workshop, 'host'>,
  { installation, unit }: Pick<Found, 'installation' | 'unit'>,
  { code, account }: Pick<CrossingFinding, 'code' | 'account'>,
  left: readonly string[],
): Promise<ServiceUser | undefined> {
  if (account === undefined) return undefined;
  const ids = await idsOf(host.commands, account.user, account.group);
  if (ids === undefined) return undefined;
  const { databases, directories, files, trees } = installation.data;
  return {
    ...account,
    ...ids,
    dropIn: `/etc/systemd/system/${unit.unit}.d/${code}.conf`,
    directories: directories.map(({ path }) => path),
    // Were a state directory itself left with its owner, systemd would give the new one all below it, what containers keep too.
    paths: [
      ...unit.stateDirectories,
      ...databases.flatMap(({ path }) => [path, `${path}-wal`, `${path}-shm`]),
      ...files.filter((path) => !left.includes(path)),
    ],
    trees: trees.map(({ root, files: names }) => ({ root, files: names })),
  };
}
