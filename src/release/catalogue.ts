import { RefitError } from '../errors.ts';
import { parseVersion } from '../version/version.ts';
import type { Asset, Release } from './release.ts';

/** A page of a hundred releases with long notes is some megabytes. */
export const CATALOGUE_MAX_BYTES = 16 * 1024 * 1024;

const MAX_RELEASES = 10_000;

export interface CatalogueOptions {
  /** What the text is, for error messages: its URL. */
  readonly origin: string;
  /** The folder URL, ending in "/", of a tag's assets where the catalogue gives none or a relative one. */
  readonly folder?: ((tag: string) => string) | undefined;
}

/**
 * Reads a list of releases as GitHub's API writes it. Drafts and tags that are no versions are left out.
 * E_SOURCE_INVALID where it is something else.
 */
export function parseCatalogue(text: string, options: CatalogueOptions): readonly Release[] {
  const parsed = parseJson(text, options.origin);
  if (!Array.isArray(parsed)) throw invalid(options.origin, describe(parsed), 'a list of releases');
  if (parsed.length > MAX_RELEASES)
    throw invalid(options.origin, `${parsed.length} releases`, `${MAX_RELEASES} at most`);
  return parsed.flatMap((one: unknown, index) => readRelease(one, `[${index}]`, options));
}

/** What the same list says about each release, as written: its `body`. Read apart: a plan keeps releases, not their prose. */
export function catalogueNotes(text: string, { origin }: CatalogueOptions): ReadonlyMap<string, string> {
  const parsed = parseJson(text, origin);
  const notes = new Map<string, string>();
  for (const one of Array.isArray(parsed) ? parsed : []) {
    const { tag_name: tag, body, draft } = isRecord(one) ? one : {};
    if (typeof tag === 'string' && typeof body === 'string' && draft !== true) notes.set(tag, body);
  }
  return notes;
}

/** Reads one release as GitHub's API writes it; undefined where it is a draft or its tag is no version. */
export function parseRelease(text: string, options: CatalogueOptions): Release | undefined {
  return readRelease(parseJson(text, options.origin), 'release', options)[0];
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const isHtml = /^\s*<(!doctype|html)/i.test(text);
    throw invalid(origin, isHtml ? 'an HTML page' : 'text that is no JSON', 'a list of releases', cause);
  }
}

function readRelease(value: unknown, place: string, { origin, folder }: CatalogueOptions): readonly Release[] {
  if (!isRecord(value)) throw invalid(origin, `${describe(value)} at ${place}`, 'a release');
  const tag = value['tag_name'];
  if (typeof tag !== 'string') throw invalid(origin, `${describe(tag)} at ${place}.tag_name`, 'a tag');
  if (value['draft'] === true || parseVersion(tag) === undefined) return [];
  const listed = value['assets'];
  const base = folder?.(tag);
  if (listed !== undefined && !Array.isArray(listed)) {
    throw invalid(origin, `${describe(listed)} at ${place}.assets`, 'a list');
  }
  const publishedAt = value['published_at'];
  return [
    {
      tag,
      prerelease: value['prerelease'] === true,
      publishedAt: typeof publishedAt === 'string' ? publishedAt : undefined,
      assets: (listed ?? []).flatMap((one: unknown, index) =>
        readAsset(one, `${place}.assets[${index}]`, { origin, base }),
      ),
      base: listed === undefined ? base : undefined,
    },
  ];
}

function readAsset(
  value: unknown,
  place: string,
  { origin, base }: { readonly origin: string; readonly base: string | undefined },
): readonly Asset[] {
  const name = isRecord(value) ? value['name'] : undefined;
  if (!isRecord(value) || typeof name !== 'string')
    throw invalid(origin, `${describe(name)} at ${place}.name`, 'a file name');
  const { size, browser_download_url: written } = value as {
    readonly size?: unknown;
    readonly browser_download_url?: unknown;
  };
  const url = assetUrl(name, written, base);
  if (url === undefined)
    throw invalid(origin, `${JSON.stringify(written)} at ${place}.browser_download_url`, 'an http URL');
  return [{ name, size: Number.isSafeInteger(size) && Number(size) > 0 ? Number(size) : undefined, url }];
}

// Only what is fetched over the network: a catalogue that says file:///etc/shadow must not make root copy it.
function assetUrl(name: string, written: unknown, base: string | undefined): string | undefined {
  if (typeof written === 'string' && /^https?:\/\//i.test(written) && URL.canParse(written)) return written;
  const isRelative =
    written === undefined || written === null || (typeof written === 'string' && !/^[a-z][\w+.-]*:/i.test(written));
  return isRelative && base !== undefined ? new URL(encodeURIComponent(name), base).href : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function invalid(origin: string, seen: string, expected: string, cause?: unknown): RefitError {
  return new RefitError(
    'E_SOURCE_INVALID',
    `Cannot read the releases of ${origin}: saw ${seen}, expected ${expected}`,
    {
      hint: 'check --source: it must lead to a list of releases as GitHub writes it, or to a folder per tag',
      facts: { origin },
      cause,
    },
  );
}
