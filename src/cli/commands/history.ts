import { EXIT } from '../../errors.ts';
import { runsHere } from '../../runbook/store/installations.ts';
import { summaryOf } from '../../runbook/store/state.ts';
import { ulidTime } from '../../runbook/store/ulid.ts';
import type { Command } from '../context.ts';
import { text } from '../flags.ts';
import { awayInShort } from '../report/away.ts';
import { say } from '../report/say.ts';
import { table } from '../report/table.ts';
import { waiverInShort } from '../report/waivers.ts';

/** The runs of this host's installations, newest first. */
export const history: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const named = text(flags, 'installation');
  const rows = (await runsHere(workshop, named)).map(({ name, run }) => ({
    installation: name,
    at: new Date(ulidTime(run.id)).toISOString(),
    ...summaryOf(run),
  }));
  const waives = rows.some(({ waivers = [] }) => waivers.length > 0);
  const cells = rows.map(({ at, installation, purpose, from, to, standing, window, by, waivers = [] }) => [
    at.slice(0, 16).replace('T', ' '),
    installation,
    `${purpose} ${from} -> ${to}`,
    standing,
    window === undefined ? '-' : awayInShort(window),
    by,
    ...(waives ? [waivers.map(waiverInShort).join('; ') || '-'] : []),
  ]);
  const heads = ['UTC', 'INSTALLATION', 'RUN', 'ENDED', 'AWAY', 'BY', ...(waives ? ['WAIVED'] : [])];
  const shown = rows.length === 0 ? 'no runs yet\n' : table(heads, cells);
  say(context, shown, { runs: rows });
  return EXIT.ok;
};
