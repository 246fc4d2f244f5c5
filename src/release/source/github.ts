import { RefitError } from '../../errors.ts';
import type { HttpResponse } from '../../host/http.ts';
import { CATALOGUE_MAX_BYTES, catalogueNotes, parseCatalogue, parseRelease } from '../catalogue.ts';
import { get, isSpent } from '../get.ts';
import type { Release, ReleaseHost, Source } from '../release.ts';

export interface GithubOptions {
  /** "owner/name". */
  readonly repository: string;
  /** GITHUB_TOKEN. Sent to the API's own origin and nowhere else. */
  readonly token?: string | undefined;
  /** Where the API answers. Default https://api.github.com. */
  readonly api?: string | undefined;
}

const MAX_PAGES = 10;

/** The releases of a GitHub repository. Source: docs.github.com/rest/releases, API version 2022-11-28. */
export function githubSource(
  host: ReleaseHost,
  { repository, token, api = 'https://api.github.com' }: GithubOptions,
): Source {
  const root = `${api.replace(/\/+$/, '')}/repos/${repository}/releases`;
  const origin = new URL(root).origin;
  const where = `github.com/${repository}`;

  function ask(url: string, stop: AbortSignal | undefined): Promise<HttpResponse> {
    requireOrigin(url, origin);
    // A renamed repository is a redirect inside the API. Host drops the token from one that leads elsewhere.
    return get(host, url, { headers: headersFor(token), maxBytes: CATALOGUE_MAX_BYTES, maxRedirects: 3, stop });
  }

  /** What the last list said beside the releases: who has it already is not asked again, each hour has sixty requests. */
  let told: ReadonlyMap<string, string> | undefined;

  async function list(stop: AbortSignal | undefined): Promise<readonly Release[]> {
    const releases: Release[] = [];
    const notes = new Map<string, string>();
    let url: string | undefined = `${root}?per_page=100`;
    for (let page = 1; url !== undefined && page <= MAX_PAGES; page += 1) {
      const response = await ask(url, stop);
      if (response.status !== 200) throw refusal(where, response, token !== undefined);
      releases.push(...parseCatalogue(response.body, { origin: where }));
      for (const [tag, text] of catalogueNotes(response.body, { origin: where })) notes.set(tag, text);
      url = nextPage(response.headers['link'], url);
    }
    told = notes;
    return releases;
  }

  return {
    describe: () => where,
    list,
    async notes(wants, stop) {
      if (told === undefined) await list(stop);
      return new Map([...(told ?? [])].filter(([tag]) => wants(tag)));
    },
    async find(tag, stop) {
      const response = await ask(`${root}/tags/${encodeURIComponent(tag)}`, stop);
      const release = response.status === 200 ? parseRelease(response.body, { origin: where }) : undefined;
      if (release?.tag === tag) return release;
      if (response.status !== 200 && response.status !== 404) throw refusal(where, response, token !== undefined);
      throw new RefitError('E_RELEASE_UNKNOWN', `Cannot find the release ${tag} at ${where}: saw no such tag`, {
        hint: 'name one that exists, a range such as v0.2.x, or latest',
        facts: { tag },
      });
    },
  };
}

function headersFor(token: string | undefined): Record<string, string> {
  return {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

// A Link header that leads elsewhere would carry the token there.
function requireOrigin(url: string, origin: string): void {
  if (new URL(url).origin === origin) return;
  throw new RefitError(
    'E_SOURCE_INVALID',
    `Cannot follow ${origin}: saw it lead to ${new URL(url).origin}, expected itself`,
    {
      hint: 'check --source and the proxy: something answers in place of the API',
      facts: { origin },
    },
  );
}

function nextPage(link: string | undefined, url: string): string | undefined {
  const target = /<([^<>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return target === undefined ? undefined : new URL(target, url).href;
}

function refusal(where: string, response: HttpResponse, hasToken: boolean): RefitError {
  const { status, headers } = response;
  if (status === 401) return unreachable(where, 'status 401: the token was refused', 'renew GITHUB_TOKEN, or unset it');
  const isLimited = status === 429 || (status === 403 && (isSpent(response) || headers['retry-after'] !== undefined));
  if (isLimited) {
    const reset = /^\d{1,10}$/.exec(headers['x-ratelimit-reset'] ?? '')?.[0];
    const until = reset === undefined ? '' : ` until ${new Date(Number(reset) * 1000).toISOString()}`;
    const hint = hasToken
      ? 'wait, or use a mirror: --source URL'
      : 'set GITHUB_TOKEN (any token, no scopes), wait, or use a mirror: --source URL';
    return unreachable(where, `status ${status}: the rate limit is spent${until}`, hint);
  }
  if (status === 404)
    return unreachable(
      where,
      'status 404: no such repository, or a private one',
      'check the repository; a private one needs GITHUB_TOKEN',
    );
  return unreachable(where, `status ${status}`, 'try again later, or use a mirror: --source URL');
}

function unreachable(where: string, seen: string, hint: string): RefitError {
  return new RefitError('E_SOURCE_UNREACHABLE', `Cannot list the releases of ${where}: saw ${seen}`, {
    hint,
    facts: { where },
  });
}
