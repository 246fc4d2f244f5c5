import { EXIT } from '../../errors.ts';
import { type Examined, examine } from '../../runbook/examine.ts';
import type { Command } from '../context.ts';
import { wishOf } from '../flags.ts';
import { plain } from '../report/plain.ts';
import { say } from '../report/say.ts';
import { VERSION } from '../version.ts';

/** What refit sees on this host and what it lacks. Looks only; exit 4 where a check would inhibit an upgrade. */
export const doctor: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const seen = await examine(workshop, await wishOf(context, workshop.host.files, flags));
  const sick = seen.products.some(({ checks }) => checks.some(({ severity }) => severity === 'inhibit'));
  say(context, plain(textOf(seen)), { refit: VERSION, ...seen });
  return sick ? EXIT.refused : EXIT.ok;
};

function textOf({ systemd, uid, stateDirectory, products }: Examined): string {
  const lines = [
    `refit ${VERSION}, uid ${uid}, state in ${stateDirectory}`,
    systemd ? 'systemd runs this host' : 'no systemd here: only installations with --prefix',
  ];
  for (const { product, installation, problem, checks, token } of products) {
    lines.push(
      '',
      `${product}: ${installation === undefined ? `not found (${problem})` : `installed as ${installation}`}`,
    );
    if (installation !== undefined && problem !== undefined) lines.push(`  cannot be looked at: ${problem}`);
    for (const { severity, code, measured } of checks) {
      lines.push(`  ${{ ok: 'ok  ', info: 'note', warning: 'warn', inhibit: 'STOP' }[severity]}  ${code}: ${measured}`);
    }
    if (installation !== undefined && token !== undefined) lines.push(`  ${token}`);
  }
  return `${lines.join('\n')}\n`;
}
