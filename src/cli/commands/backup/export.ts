import { EXIT, RefitError } from '../../../errors.ts';
import { exportStream, exportTo } from '../../../runbook/backups/export.ts';
import { findBackup } from '../../../runbook/backups/find.ts';
import { bytes } from '../../../runbook/words.ts';
import type { Command } from '../../context.ts';
import { absolute, compressionOf, lookOf, text } from '../../flags.ts';
import { asRoot, requireRootFor } from '../../open-run.ts';
import { say } from '../../report/say.ts';

const SECRETS =
  'This holds everything of the product, its private keys and secrets too: encrypt it before it leaves this host.\n';

/** A backup as one stream on stdout, for whatever stores it; or as a file in a folder. */
export const exportBackup: Command = async (context, flags, [id = '']) => {
  const { terminal } = context;
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  requireRootFor(workshop, look);
  const directory = text(flags, 'copyTo');
  if (directory === undefined && terminal.outIsTerminal) {
    throw new RefitError('E_USAGE', 'Cannot export to a terminal: saw one as stdout, expected a pipe or a file', {
      hint: `refit backup export ${id} | age -r KEY > backup.age, or --copy-to DIR: refit docs backup`,
    });
  }
  const asked = text(flags, 'compression');
  const compression = asked === undefined ? undefined : compressionOf(asked, '--compression');
  const found = await asRoot(workshop, () => findBackup(workshop, look.installation, id));
  terminal.err(SECRETS);
  if (directory === undefined) {
    await terminal.pour(exportStream(workshop, found, compression));
    return EXIT.ok;
  }
  const done = await exportTo(workshop, found, compression, absolute(context, directory));
  say(context, `${done.path}: ${bytes(done.bytes)}, SHA-256 ${done.sha256}\n`, { id: found.run.id, ...done });
  return EXIT.ok;
};
