import { EXIT } from '../../errors.ts';
import { knownInstallations, runsOf } from '../../runbook/store/installations.ts';
import { summaryOf } from '../../runbook/store/state.ts';
import { ulidTime } from '../../runbook/store/ulid.ts';
import { duration } from '../../runbook/words.ts';
import type { Command } from '../context.ts';
import { text } from '../flags.ts';
import { say } from '../report/say.ts';
import { table } from '../report/table.ts';

/** The runs of this host's installations, newest first. */
export const history: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const named = text(flags, 'installation');
  const names = named === undefined ? await knownInstallations(workshop) : [named];
  const runs = (
    await Promise.all(names.map(async (name) => (await runsOf(workshop, name)).map((run) => ({ name, run }))))
  ).flat();
  const rows = runs
    .map(({ name, run }) => ({ installation: name, at: new Date(ulidTime(run.id)).toISOString(), ...summaryOf(run) }))
    .sort((a, b) => (a.run < b.run ? 1 : -1));
  const cells = rows.map(({ at, installation, purpose, from, to, standing, windowMs, by }) => [
    at.slice(0, 16).replace('T', ' '),
    installation,
    `${purpose} ${from} -> ${to}`,
    standing,
    windowMs === undefined ? '-' : duration(windowMs),
    by,
  ]);
  const shown =
    rows.length === 0 ? 'no runs yet\n' : table(['UTC', 'INSTALLATION', 'RUN', 'ENDED', 'AWAY', 'BY'], cells);
  say(context, shown, { runs: rows });
  return EXIT.ok;
};
