import { EXIT } from '../../../errors.ts';
import { findBackup } from '../../../runbook/backups/find.ts';
import { verifyBackup } from '../../../runbook/backups/verify.ts';
import { duration } from '../../../runbook/words.ts';
import { underLock } from '../../../runbook/worker/under-lock.ts';
import type { Command } from '../../context.ts';
import { lookOf } from '../../flags.ts';
import { asRoot, requireRootFor } from '../../open-run.ts';
import { say } from '../../report/say.ts';

/** Proves a backup: unpacks its archive into scratch, reads every file, opens every database. */
export const verify: Command = async (context, flags, [id = '']) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  requireRootFor(workshop, look);
  const found = await asRoot(workshop, () => findBackup(workshop, look.installation, id));
  const { installation } = found.run.state.plan;
  const proofs = await underLock(workshop, installation, context.typed, () => verifyBackup(workshop, found));
  const lines = proofs.map(({ kind, databases, ms }) => {
    const opened = databases === 0 ? '' : `, ${databases} ${databases === 1 ? 'database' : 'databases'} opened`;
    return `${kind} of ${found.run.id}: every file is as it was copied${opened} (${duration(ms)})\n`;
  });
  say(context, lines.join(''), { id: found.run.id, installation, proofs });
  return EXIT.ok;
};
