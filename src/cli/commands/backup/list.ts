import { EXIT } from '../../../errors.ts';
import { type Backup, listBackups } from '../../../runbook/backups/list.ts';
import { bytes } from '../../../runbook/words.ts';
import type { Command } from '../../context.ts';
import { text } from '../../flags.ts';
import { asRoot } from '../../open-run.ts';
import { say } from '../../report/say.ts';
import { table } from '../../report/table.ts';

const HEADS = ['ID', 'UTC', 'INSTALLATION', 'VERSION', 'KIND', 'SIZE', 'PROVEN', 'KEPT UNTIL'];

/** What of before is kept on this host, newest first. */
export const list: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const backups = await asRoot(workshop, () => listBackups(workshop, text(flags, 'installation')));
  say(context, backups.length === 0 ? 'no backups yet\n' : table(HEADS, backups.map(cells)), { backups });
  return EXIT.ok;
};

function cells({ id, at, installation, version, kind, bytes: size, proven, keptUntil, amongNewest }: Backup) {
  return [
    id,
    at.slice(0, 16).replace('T', ' '),
    installation,
    version,
    kind,
    size === undefined ? '-' : bytes(size),
    kind === 'displaced' ? '-' : proven ? 'yes' : 'no',
    `${keptUntil.slice(0, 10)}${amongNewest ? ' or longer' : ''}`,
  ];
}
