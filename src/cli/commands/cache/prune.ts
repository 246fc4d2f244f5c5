import { EXIT, RefitError } from '../../../errors.ts';
import { type CachePruneWish, planCachePrune, pruneCache } from '../../../runbook/cache/prune.ts';
import { bytes, parseBytes } from '../../../runbook/words.ts';
import type { Command, Flags } from '../../context.ts';
import { olderThan, text, truth } from '../../flags.ts';
import { asRoot } from '../../open-run.ts';
import { cachedJson, originText } from '../../report/cached.ts';
import { plain } from '../../report/plain.ts';
import { say } from '../../report/say.ts';

/** Removes what nothing holds. It asks nobody: what goes can be fetched again. */
export const prune: Command = async (context, flags) => {
  const wish = wishOf(flags);
  const workshop = await context.workshop();
  const doomed = await asRoot(workshop, () => planCachePrune(workshop, wish));
  const dry = truth(flags, 'dryRun');
  if (!dry) await asRoot(workshop, () => pruneCache(workshop, doomed));
  const all = doomed.map(cachedJson);
  const freed = doomed.reduce((sum, one) => sum + one.bytes, 0);
  const lines = doomed.map((one) => `${one.sha256.slice(0, 12)}  ${bytes(one.bytes)}  ${originText(one)}\n`);
  const summary = doomed.length === 0 ? 'nothing to remove\n' : `${dry ? 'would free' : 'freed'} ${bytes(freed)}\n`;
  say(context, plain(`${lines.join('')}${summary}`), { removed: dry ? [] : all, wouldRemove: dry ? all : [], freed });
  return EXIT.ok;
};

function wishOf(flags: Flags): CachePruneWish {
  const [olderThanMs, size] = [olderThan(flags), text(flags, 'maxSize')];
  const maxBytes = size === undefined ? undefined : parseBytes(size);
  if (size !== undefined && maxBytes === undefined) {
    throw new RefitError('E_USAGE', `Cannot read --max-size: saw "${size}", expected a size such as 500M or 2G`, {
      hint: 'K, M and G are 1024, 1024^2 and 1024^3',
    });
  }
  return { olderThanMs, maxBytes };
}
