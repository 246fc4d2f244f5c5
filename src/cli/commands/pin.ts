import { EXIT } from '../../errors.ts';
import { makePin } from '../../runbook/make-pin.ts';
import { bytes } from '../../runbook/words.ts';
import type { Command } from '../context.ts';
import { absolute, lookOf, PIN_FILE, text, texts } from '../flags.ts';
import { plain } from '../report/plain.ts';
import { say } from '../report/say.ts';

/** Writes down a release, so that a commit says which bytes may be installed. Needs neither root nor an installation. */
export const pin: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const made = await makePin(workshop, lookOf(context, flags), texts(flags, 'arch'));
  const out = absolute(context, text(flags, 'out') ?? PIN_FILE);
  await workshop.host.files.writeAtomic(out, workshop.releases.pinText(made), { mode: 0o644 });
  const rows = made.assets.map(({ name, size, sha256 }) => `  ${sha256}  ${name}, ${bytes(size)}`);
  const lines = [
    `${made.product} ${made.version}, pinned in ${out}:`,
    ...rows,
    'next: commit it; refit upgrade --pinned',
  ];
  say(context, `${plain(lines.join('\n'))}\n`, { pinned: out, ...made });
  return EXIT.ok;
};
