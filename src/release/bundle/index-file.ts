import type { RefitError } from '../../errors.ts';
import { parseVersion } from '../../version/version.ts';
import type { Architecture } from '../release.ts';
import { Fields } from '../trust/fields.ts';
import { type Json, parseStrictJson } from '../trust/strict-json.ts';

/** The first member. It says what else is in the bundle, so that damage is told from intent. It proves nothing. */
export const INDEX_NAME = 'index.json';

/** A hundred releases with twenty files each are 400 KiB. */
export const INDEX_MAX_BYTES = 1024 * 1024;

/** What a header's eleven octal digits hold. */
export const MEMBER_MAX_BYTES: number = 8 * 1024 ** 3 - 1;

const MAX_MEMBERS = 10_000;
const FORMAT = 1;

export interface BundleMember {
  /** "releases/v0.2.13/dockmesh_linux_amd64.tar.gz", "notes/v0.2.13.md", "refit/refit_linux_amd64". */
  readonly name: string;
  readonly size: number;
  /** Lower case hexadecimal. */
  readonly sha256: string;
  /** Of a release's archive, and of refit itself. */
  readonly arch?: Architecture | undefined;
}

export interface BundledRelease {
  readonly tag: string;
  readonly prerelease: boolean;
  readonly publishedAt?: string | undefined;
}

export interface BundleIndex {
  readonly product: string;
  readonly releases: readonly BundledRelease[];
  /** In the order in which they follow. */
  readonly members: readonly BundleMember[];
}

type Refuse = (seen: string, expected: string) => RefitError;

/** The same index, the same bytes: keys in this order, whatever order they came in. */
export function indexBytes({ product, releases, members }: BundleIndex): Buffer {
  const index = {
    format: FORMAT,
    product,
    releases: releases.map(({ tag, prerelease, publishedAt }) => ({ tag, prerelease, publishedAt })),
    members: members.map(({ name, size, sha256, arch }) => ({ name, size, sha256, arch })),
  };
  return Buffer.from(`${JSON.stringify(index, null, 1)}\n`);
}

/** Reads an index that anybody may have written. */
export function parseIndex(data: Buffer, refuse: Refuse): BundleIndex {
  const json = parseStrictJson(data, { numbers: 'integers', refuse });
  const fields = new Fields(json, 'index', refuse);
  const format = fields.count('format');
  if (format !== FORMAT) throw refuse(`the format ${format}`, `${FORMAT}: a newer refit may know it`);
  requireKeys(json, 'index', ['format', 'product', 'releases', 'members'], refuse);
  const product = matched(fields.text('product'), /^[a-z][a-z0-9-]{0,63}$/, 'index.product', refuse);
  const releases = fields.objects('releases').map((each, i) => readRelease(each, itemOf(json, 'releases', i), refuse));
  const members = fields.objects('members').map((each, i) => readMember(each, itemOf(json, 'members', i), refuse));
  if (members.length > MAX_MEMBERS) throw refuse(`${members.length} members`, `${MAX_MEMBERS} at most`);
  requireOnce(
    releases.map(({ tag }) => tag),
    refuse,
  );
  requireOnce([INDEX_NAME, ...members.map(({ name }) => name)], refuse);
  const tags = new Set(releases.map(({ tag }) => tag));
  const stray = members.find(({ name }) => name.startsWith('releases/') && !tags.has(name.split('/')[1] ?? ''));
  if (stray !== undefined) throw refuse(`${JSON.stringify(stray.name)} of no release`, 'one of index.releases');
  return { product, releases, members };
}

/** A tag that may be a folder's name: no other has a place in a bundle. */
export const isBundledTag = (tag: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/.test(tag) && parseVersion(tag) !== undefined;

/** Names that mean the same to every tar, every file system and every shell. */
export const isAssetName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._+~@=-]{0,98}$/.test(name);

/** Whether a bundle may have a member of this name beside its index. */
export function isMemberName(name: string): boolean {
  const [folder = '', first = '', second, ...rest] = name.split('/');
  if (rest.length > 0) return false;
  if (folder === 'releases') return isBundledTag(first) && second !== undefined && isAssetName(second);
  if (second !== undefined) return false;
  if (folder === 'notes') return first.endsWith('.md') && isBundledTag(first.slice(0, -3));
  return folder === 'refit' && /^refit_linux_(amd64|arm64)$/.test(first);
}

function readRelease(fields: Fields, json: Json, refuse: Refuse): BundledRelease {
  requireKeys(json, 'a release', ['tag', 'prerelease', 'publishedAt'], refuse);
  const tag = fields.text('tag');
  if (!isBundledTag(tag)) throw refuse(`the tag ${JSON.stringify(tag.slice(0, 80))}`, 'a version');
  const { prerelease } = json as { readonly prerelease?: Json };
  if (typeof prerelease !== 'boolean') throw refuse(`no prerelease of ${tag}`, 'true or false');
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  const publishedAt = fields.has('publishedAt')
    ? matched(fields.text('publishedAt'), time, `publishedAt of ${tag}`, refuse)
    : undefined;
  return { tag, prerelease, publishedAt };
}

function readMember(fields: Fields, json: Json, refuse: Refuse): BundleMember {
  requireKeys(json, 'a member', ['name', 'size', 'sha256', 'arch'], refuse);
  const name = fields.text('name');
  if (!isMemberName(name)) throw refuse(`the name ${JSON.stringify(name.slice(0, 80))}`, 'releases/TAG/FILE');
  const size = fields.count('size');
  if (size > MEMBER_MAX_BYTES) throw refuse(`${size} bytes of ${name}`, `${MEMBER_MAX_BYTES} at most`);
  const sha256 = matched(fields.text('sha256'), /^[0-9a-f]{64}$/, `sha256 of ${name}`, refuse);
  const arch = fields.has('arch') ? fields.text('arch') : undefined;
  if (arch !== undefined && arch !== 'amd64' && arch !== 'arm64') {
    throw refuse(`the architecture ${JSON.stringify(arch.slice(0, 20))} of ${name}`, 'amd64 or arm64');
  }
  return { name, size, sha256, arch };
}

/** Another key may be what another program goes by. */
function requireKeys(json: Json, where: string, known: readonly string[], refuse: Refuse): void {
  const stray = Object.keys(json as object).find((key) => !known.includes(key));
  if (stray !== undefined) throw refuse(`the key ${JSON.stringify(stray.slice(0, 40))} of ${where}`, known.join(', '));
}

function requireOnce(names: readonly string[], refuse: Refuse): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw refuse(`${JSON.stringify(name)} twice`, 'each name once');
    seen.add(name);
  }
}

function matched(text: string, pattern: RegExp, what: string, refuse: Refuse): string {
  if (pattern.test(text)) return text;
  throw refuse(`${JSON.stringify(text.slice(0, 80))} as ${what}`, 'another form');
}

function itemOf(json: Json, key: string, index: number): Json {
  const list = (json as { readonly [key: string]: Json })[key];
  return (list as readonly Json[])[index] ?? null;
}
