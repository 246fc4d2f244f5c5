import { EXIT, RefitError } from '../../../errors.ts';
import { refreshedRootIn } from '../../../runbook/store/paths.ts';
import type { Command } from '../../context.ts';
import { absolute, text } from '../../flags.ts';
import { plain } from '../../report/plain.ts';
import { say } from '../../report/say.ts';

/** Goes online for trust: nothing else does. What it finds is for every later command, or with --out in a file alone. */
export const refresh: Command = async (context, flags) => {
  const [mirror, tufRoot, file] = [text(flags, 'mirror'), text(flags, 'tufRoot'), text(flags, 'out')];
  if (tufRoot !== undefined && file === undefined) {
    throw new RefitError('E_USAGE', 'Cannot trust a private Sigstore for everything: saw --tuf-root without --out', {
      hint: '--out FILE, to be named where it is meant: refit verify --trusted-root FILE',
    });
  }
  if (mirror !== undefined && !(/^https?:\/\//i.test(mirror) && URL.canParse(mirror))) {
    throw new RefitError('E_USAGE', `Cannot ask "${mirror}": expected an http URL`, {
      hint: '--mirror https://tuf.example, a copy of a TUF repository',
    });
  }
  const workshop = await context.workshop();
  const out = file === undefined ? undefined : absolute(context, file);
  const refreshed = await workshop.releases.refreshTrust({
    mirror,
    tufRoot: tufRoot === undefined ? undefined : absolute(context, tufRoot),
    kept: out === undefined ? refreshedRootIn(workshop.stateDirectory) : `${out}.tuf.json`,
    out,
  });
  const { sha256, expires, changed, versions } = refreshed;
  const lines = [
    `${changed ? 'a newer trusted root' : 'the trusted root is the newest'}, as ${refreshed.mirror} vouches`,
    `  SHA-256   ${sha256}`,
    `  TUF       root ${versions.root}, targets ${versions.targets}, until ${expires}`,
    ...(out === undefined ? [] : [`  in        ${out}`]),
  ];
  say(context, `${plain(lines.join('\n'))}\n`, { ...refreshed, out: out ?? null });
  return EXIT.ok;
};
