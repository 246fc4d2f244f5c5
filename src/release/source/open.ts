import { isAbsolute } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { ReleaseHost, Source } from '../release.ts';
import { type GithubOptions, githubSource } from './github.ts';
import { localSource } from './local.ts';
import { urlSource } from './url.ts';

/** Where releases come from: what `--source` says (a URL, an absolute folder or a bundle), else the product's GitHub repository. */
export function openSource(host: ReleaseHost, from: string | undefined, github: GithubOptions): Source {
  if (from === undefined) return githubSource(host, github);
  if (/^https?:\/\//i.test(from) && URL.canParse(from)) return urlSource(host, from);
  if (isAbsolute(from)) return localSource(host.files, from);
  throw new RefitError('E_USAGE', `Cannot use --source "${from}": saw neither an http URL nor an absolute path`, {
    hint: '--source https://mirror.example/dockmesh, --source /srv/releases, or --source FILE.refit.tar',
  });
}
