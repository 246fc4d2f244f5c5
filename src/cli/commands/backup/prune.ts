import { EXIT, RefitError } from '../../../errors.ts';
import { findBackup } from '../../../runbook/backups/find.ts';
import { type Doomed, type PruneWish, planPrune, prune as remove } from '../../../runbook/backups/prune.ts';
import { knownInstallations } from '../../../runbook/store/installations.ts';
import { underLock } from '../../../runbook/worker/under-lock.ts';
import type { Workshop } from '../../../runbook/workshop.ts';
import { requireConsent } from '../../consent.ts';
import type { Command, Flags } from '../../context.ts';
import { lookOf, olderThan, text, truth } from '../../flags.ts';
import { asRoot, requireNoOpenRun, requireRootFor } from '../../open-run.ts';
import { say } from '../../report/say.ts';

/** Removes backups by rule or by name; shows them first, and asks. */
export const prune: Command = async (context, flags, operands) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  requireRootFor(workshop, look);
  const named = await Promise.all(
    operands.map((id) => asRoot(workshop, () => findBackup(workshop, look.installation, id))),
  );
  const wish = wishOf(
    flags,
    named.map(({ run }) => run.id),
  );
  const names =
    look.installation === undefined ? await asRoot(workshop, () => knownInstallations(workshop)) : [look.installation];
  const doomed = await allOf(workshop, names, wish);
  const dry = truth(flags, 'dryRun');
  const json = { removed: dry ? [] : doomed, wouldRemove: dry ? doomed : [] };
  if (dry || doomed.length === 0) {
    say(context, textOf(doomed), json);
    return EXIT.ok;
  }
  if (context.output === 'table') context.terminal.err(textOf(doomed));
  await requireConsent(context, flags, `Remove ${doomed.length === 1 ? 'it' : `these ${doomed.length}`}?`);
  for (const name of new Set(doomed.map(({ installation }) => installation))) {
    await requireNoOpenRun(workshop, { installation: name, product: undefined });
    const ids = doomed.map(({ id }) => id);
    await underLock(workshop, name, context.typed, async () => {
      // Somebody may have made or removed some while the question was open: never more than was shown.
      const now = await planPrune(workshop, name, wish);
      await remove(
        workshop,
        name,
        now.filter(({ id }) => ids.includes(id)),
      );
    });
  }
  say(context, `removed ${doomed.length === 1 ? '1 backup' : `${doomed.length} backups`}\n`, json);
  return EXIT.ok;
};

async function allOf(workshop: Workshop, names: readonly string[], wish: PruneWish): Promise<readonly Doomed[]> {
  const all: Doomed[] = [];
  for (const name of names) all.push(...(await asRoot(workshop, () => planPrune(workshop, name, wish))));
  return all;
}

function wishOf(flags: Flags, ids: readonly string[]): PruneWish {
  const [keep, olderThanMs] = [text(flags, 'keep'), olderThan(flags)];
  if (keep === undefined && olderThanMs === undefined && ids.length === 0) {
    throw new RefitError('E_USAGE', 'Cannot prune: saw neither --keep, --older-than nor an ID, expected one of them', {
      hint: 'refit backup prune --keep 5 --older-than 30d --dry-run',
    });
  }
  if (keep !== undefined && !/^\d{1,6}$/.test(keep)) {
    throw new RefitError('E_USAGE', `Cannot read --keep: saw "${keep}", expected a number`, { hint: '--keep 5' });
  }
  return { keep: keep === undefined ? undefined : Number(keep), olderThanMs, ids };
}

function textOf(doomed: readonly Doomed[]): string {
  if (doomed.length === 0) return 'nothing to remove\n';
  const lines = doomed.flatMap(({ installation, id, paths, neededBy }) => [
    `${installation} ${id}${neededBy === undefined ? '' : `: ${neededBy} needs it`}`,
    ...paths.map((path) => `  ${path}`),
  ]);
  return `${lines.join('\n')}\n`;
}
