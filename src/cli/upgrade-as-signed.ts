import { EXIT } from '../errors.ts';
import { begin, continueRun } from './begin.ts';
import { planAsSigned, readSigned, requireSamePlan } from './by-plan.ts';
import { requireConsent } from './consent.ts';
import type { Context, Flags } from './context.ts';
import { showDocument } from './document.ts';
import { truth, wishOf } from './flags.ts';
import { openRunFor, requireRootFor, requireUpgrade } from './open-run.ts';

/** The upgrade that a plan's document says, and no other; or the rest of it, where it was begun by that document. */
export async function upgradeAsSigned(context: Context, flags: Flags, file: string): Promise<number> {
  const workshop = await context.workshop();
  const signed = await readSigned(context, workshop, flags, file);
  const dry = truth(flags, 'dryRun');
  if (!dry) {
    const open = await openRunFor(workshop, signed.wish);
    if (open !== undefined) {
      requireUpgrade(open);
      requireSamePlan(open, signed);
      const { installation, from, to } = open.state.plan;
      await requireConsent(context, flags, `Go on with the upgrade of ${installation} from ${from} to ${to}?`);
      return continueRun(context, workshop, open, {});
    }
    requireRootFor(workshop, signed.wish);
  }
  const { token } = await wishOf(context, workshop.host.files, flags);
  const wish = { ...signed.wish, token };
  const planned = await planAsSigned(workshop, signed, wish);
  if (!dry) return begin(context, workshop, flags, wish, planned);
  await showDocument(context, workshop, { planned, wish, flags });
  return EXIT.ok;
}
