import { EXIT } from '../../errors.ts';
import { requireFound } from '../../runbook/find.ts';
import { unskipRelease } from '../../runbook/unskip.ts';
import type { Command } from '../context.ts';
import { lookOf } from '../flags.ts';
import { requireRootFor } from '../open-run.ts';
import { say } from '../report/say.ts';

/** Lets ranges choose a release again that failed on this installation. */
export const unskip: Command = async (context, flags, [tag = '']) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  requireRootFor(workshop, look);
  const { installation } = await requireFound(workshop, look);
  const { message } = await unskipRelease(workshop, installation.name, tag, context.typed);
  const text = `ranges may choose ${tag} for ${installation.name} again; it failed with: ${message}\n`;
  say(context, text, { installation: installation.name, unskipped: tag });
  return EXIT.ok;
};
