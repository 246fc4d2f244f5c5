import { EXIT, RefitError } from '../../errors.ts';
import { makeBundle } from '../../runbook/bundles/make.ts';
import type { Command, Context, Flags } from '../context.ts';
import { absolute, lookOf, text, texts, truth } from '../flags.ts';
import { madeText } from '../report/bundle.ts';
import { say } from '../report/say.ts';
import { transferReport } from '../report/transfer.ts';
import { stageCommand } from './stage.ts';

/** The first stage of a run; or, with --bundle, releases into one file for a host without a network. */
export const fetch: Command = async (context, typed, operands) => {
  const flags = withVersion(typed, operands[0]);
  const file = text(flags, 'bundle');
  if (file !== undefined) return bundle(context, flags, file);
  for (const name of ['arch', 'also', 'withRefit']) {
    if (flags[name] !== undefined) throw unfit(`--${name === 'withRefit' ? 'with-refit' : name} without --bundle`);
  }
  return stageCommand('fetch')(context, flags, []);
};

function withVersion(flags: Flags, version: string | undefined): Flags {
  if (version === undefined) return flags;
  const to = text(flags, 'to');
  if (to !== undefined && to !== version) throw unfit(`${version} and --to ${to}`);
  return { ...flags, to: version };
}

async function bundle(context: Context, flags: Flags, file: string): Promise<number> {
  const wish = lookOf(context, flags);
  // It would be of one archive, and a bundle has several.
  if (wish.sha256 !== undefined) throw unfit('--sha256 with --bundle');
  const to = absolute(context, file);
  if (!to.endsWith('.refit.tar')) throw unfit(`"${file}" as --bundle, whose name must end with .refit.tar`);
  const workshop = await context.workshop();
  const bar = transferReport(context.terminal);
  const made = await makeBundle(workshop, wish, {
    to,
    arches: texts(flags, 'arch'),
    also: texts(flags, 'also'),
    withRefit: truth(flags, 'withRefit'),
    onProgress: (what, done, total) => bar.draw({ what, done, total }),
  }).finally(() => bar.end());
  say(context, madeText(made), made);
  return EXIT.ok;
}

function unfit(seen: string): RefitError {
  return new RefitError('E_USAGE', `Cannot tell what to fetch: saw ${seen}`, {
    hint: 'refit fetch v0.2.13 --bundle FILE.refit.tar --product NAME --arch amd64,arm64',
  });
}
