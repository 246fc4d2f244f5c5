import { EXIT } from '../../../errors.ts';
import type { Trusted } from '../../../runbook/releases.ts';
import type { Command } from '../../context.ts';
import { absolute, text } from '../../flags.ts';
import { plain } from '../../report/plain.ts';
import { say } from '../../report/say.ts';

/** What is trusted, from where, until when. Offline. */
export const show: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const file = text(flags, 'trustedRoot');
  const trusted = await workshop.releases.showTrust(file === undefined ? undefined : absolute(context, file));
  say(context, `${plain(textOf(trusted))}\n`, trusted);
  return EXIT.ok;
};

function textOf({ from, path, sha256, mirror, refreshedAt, expires, passedOver, authorities }: Trusted): string {
  const width = Math.max(...authorities.map(({ kind }) => kind.length));
  return [
    { pinned: 'the root pinned in this refit', refreshed: `refreshed: ${path}`, file: path ?? '' }[from],
    `  SHA-256   ${sha256}`,
    ...(refreshedAt === undefined ? [] : [`  from      ${mirror}, on ${refreshedAt}`, `  until     ${expires}`]),
    ...(passedOver === undefined ? [] : [`  not used  ${passedOver}`]),
    ...authorities.map(
      ({ kind, uri, from: since, until }) =>
        `  ${kind.padEnd(width)}  ${uri}  ${since.slice(0, 10)} to ${until?.slice(0, 10) ?? 'now'}`,
    ),
  ].join('\n');
}
