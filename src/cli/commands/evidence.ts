import { EXIT, RefitError } from '../../errors.ts';
import { packEvidence } from '../../runbook/pack-evidence.ts';
import { runsHere } from '../../runbook/store/installations.ts';
import type { StoredRun } from '../../runbook/store/runs.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import type { Command } from '../context.ts';
import { absolute, lookOf, text } from '../flags.ts';
import { requireRootFor } from '../open-run.ts';
import { say } from '../report/say.ts';

/** Packs what was kept of a run, without secrets, into one file to send to somebody. */
export const evidence: Command = async (context, flags, [named]) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  requireRootFor(workshop, look);
  const run = await runNamed(workshop, look.installation, named);
  const { installation } = run.state.plan;
  const directory = absolute(context, text(flags, 'copyTo') ?? '.');
  const file = `${directory}/refit-evidence-${installation}-${run.id}.tar.gz`;
  const contents = await packEvidence(workshop, run, file, { mode: 0o600, ...personOf(context.environment) });
  const said = `${file}\n  ${contents.length} files, secrets taken out; look through it before you send it: README.txt in it says what is there\n`;
  say(context, said, { file, run: run.id, installation, contents });
  return EXIT.ok;
};

/** The run of that name, or the newest of this host. */
async function runNamed(
  workshop: Workshop,
  installation: string | undefined,
  named: string | undefined,
): Promise<StoredRun> {
  const newest = (await runsHere(workshop, installation)).map(({ run }) => run);
  const found = named === undefined ? newest[0] : newest.find(({ id }) => id === named);
  if (found !== undefined) return found;
  throw new RefitError('E_RUN_UNKNOWN', `Cannot find ${named === undefined ? 'any run' : `the run "${named}"`} here`, {
    hint: 'refit history -o json lists the runs',
  });
}

/** Who typed sudo is to be able to read it. */
function personOf(environment: Readonly<Record<string, string>>): { readonly uid?: number; readonly gid?: number } {
  const [uid, gid] = [Number(environment['SUDO_UID']), Number(environment['SUDO_GID'])];
  return Number.isSafeInteger(uid) && Number.isSafeInteger(gid) ? { uid, gid } : {};
}
