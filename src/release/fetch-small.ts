import { RefitError } from '../errors.ts';
import { localPlace } from './bundle/member-url.ts';
import { get } from './get.ts';
import type { ReleaseHost } from './release.ts';
import { shownUrl } from './shown-url.ts';

export interface SmallOptions {
  /** E_TOO_LARGE beyond it. */
  readonly maxBytes: number;
  /** Hosts that a redirect may lead to; undefined: any. */
  readonly redirects?: readonly string[] | undefined;
  readonly stop?: AbortSignal | undefined;
}

/** A small file of a release, whole; undefined where there is none (404, 410, no such file). */
export async function fetchSmall(
  host: ReleaseHost,
  url: string,
  { maxBytes, redirects, stop }: SmallOptions,
): Promise<Buffer | undefined> {
  if (url.startsWith('file:')) return readSmall(host, url, maxBytes);
  const { status, body } = await get(host, url, { maxBytes, maxRedirects: 5, redirectsTo: redirects, stop });
  if (status === 404 || status === 410) return undefined;
  if (status === 200) return Buffer.from(body);
  throw new RefitError('E_SOURCE_UNREACHABLE', `Cannot fetch ${shownUrl(url)}: saw status ${status}, expected 200`, {
    hint: 'open the URL from this machine: curl -fL URL',
    facts: { url: shownUrl(url), status },
  });
}

async function readSmall({ files }: ReleaseHost, url: string, maxBytes: number): Promise<Buffer | undefined> {
  const { path, member } = localPlace(url);
  if (member === undefined) return (await files.stat(path)) === undefined ? undefined : files.read(path, { maxBytes });
  const { openBundle } = await import('./bundle/open.ts');
  const { readMember } = await import('./bundle/read-member.ts');
  const bundle = await openBundle(files, path);
  const placed = bundle.members.get(member);
  return placed === undefined ? undefined : readMember(files, bundle, placed, maxBytes);
}
