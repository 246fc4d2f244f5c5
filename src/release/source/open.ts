import { isAbsolute } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { ReleaseHost, Source } from '../release.ts';
import { directorySource } from './directory.ts';
import { type GithubOptions, githubSource } from './github.ts';
import { urlSource } from './url.ts';

/** Where releases come from: what `--source` says (a URL or an absolute folder), else the product's GitHub repository. */
export function openSource(host: ReleaseHost, from: string | undefined, github: GithubOptions): Source {
  if (from === undefined) return githubSource(host, github);
  if (/^https?:\/\//i.test(from) && URL.canParse(from)) return urlSource(host, from);
  if (isAbsolute(from)) return directorySource(host.files, from);
  throw new RefitError('E_USAGE', `Cannot use --source "${from}": saw neither an http URL nor an absolute folder`, {
    hint: '--source https://mirror.example/dockmesh, or --source /srv/releases',
  });
}
