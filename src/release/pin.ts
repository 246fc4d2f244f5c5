import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { parseVersion } from '../version/version.ts';
import { nameProblem } from './archive/member-name.ts';
import { parseDigest } from './checksums.ts';
import type { Architecture, Asset } from './release.ts';
import { Fields } from './trust/fields.ts';
import { readSmall } from './trust/read-small.ts';
import { parseStrictJson } from './trust/strict-json.ts';

/** One archive, as it was proven when it was pinned. */
export interface PinnedAsset extends Asset {
  readonly arch: Architecture;
  readonly size: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Who had signed it, where a signature was asked for. For whoever reads the pin: the digest is what binds. */
  readonly signer?: string | undefined;
}

/** What `refit pin` writes and `--pinned` takes alone: a release, down to its bytes. */
export interface Pin {
  readonly product: string;
  /** Its tag. */
  readonly version: string;
  /** RFC 3339, as the source wrote it; absent where it says nothing. */
  readonly publishedAt?: string | undefined;
  readonly assets: readonly PinnedAsset[];
}

const FORMAT = 1;
/** A product has a handful of archives. */
const MAX_ASSETS = 64;
const ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64'];

/** The file's text: the same pin, the same bytes. */
export function pinText({ product, version, publishedAt, assets }: Pin): string {
  const rows = assets
    .map(({ name, arch, url, size, sha256, signer }) => ({ name, arch, url, size, sha256, signer }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${JSON.stringify({ format: FORMAT, product, version, publishedAt, assets: rows }, null, 2)}\n`;
}

/** Reads a pin that somebody committed. Not believed until all of it is understood: E_PIN_INVALID. */
export async function readPin(files: Files, path: string): Promise<Pin> {
  if ((await files.stat(path)) === undefined) throw missing(path);
  return parsePin(await readSmall(files, path, ({ seen, expected }) => invalid(path, seen, expected)), path);
}

export function parsePin(data: Uint8Array, path: string): Pin {
  const refuse = (seen: string, expected: string) => invalid(path, seen, expected);
  const pin = new Fields(parseStrictJson(data, { numbers: 'integers', refuse }), 'pin', refuse);
  const format = pin.count('format');
  if (format !== FORMAT) throw refuse(`the format ${format}`, `${FORMAT}: another refit wrote it`);
  pin.only('format', 'product', 'version', 'publishedAt', 'assets');
  const version = pin.text('version');
  if (parseVersion(version) === undefined) throw refuse(`${shown(version)} as pin.version`, 'a version');
  const assets = pin.objects('assets');
  if (assets.length === 0 || assets.length > MAX_ASSETS) throw refuse(`${assets.length} assets`, `1 to ${MAX_ASSETS}`);
  const read = assets.map((asset) => readAsset(asset, refuse));
  for (const key of ['name', 'arch'] as const) {
    const twice = read.find((one, index) => read.findIndex((other) => other[key] === one[key]) !== index);
    if (twice !== undefined) throw refuse(`two assets of the ${key} ${shown(twice[key])}`, 'one');
  }
  return { product: pin.text('product'), version, ...optional(pin, 'publishedAt'), assets: read };
}

function readAsset(asset: Fields, refuse: (seen: string, expected: string) => RefitError): PinnedAsset {
  asset.only('name', 'arch', 'url', 'size', 'sha256', 'signer');
  const [name, url, written] = [asset.text('name'), asset.text('url'), asset.text('sha256')];
  // It names a file in a folder of ours.
  if (nameProblem(name) !== undefined || name.includes('/') || name === '.')
    throw refuse(`${shown(name)} as a name`, 'a plain file name');
  const arch = ARCHITECTURES.find((one) => one === asset.text('arch'));
  if (arch === undefined) throw refuse(`${shown(asset.text('arch'))} as an architecture`, ARCHITECTURES.join(' or '));
  // Never file: — a pin from elsewhere must not make root copy /etc/shadow.
  if (!isPlainUrl(url)) throw refuse(`${shown(url)} as a URL`, 'one with http or https, without a user');
  const sha256 = parseDigest(written);
  if (sha256 !== written || sha256 === undefined)
    throw refuse(`${shown(written)} as sha256`, '64 lower-case hex digits');
  const size = asset.count('size');
  if (size === 0) throw refuse('0 as a size', 'more');
  return { name, arch, url, size, sha256, ...optional(asset, 'signer') };
}

/** What a pin can say where to fetch from. */
export function isPlainUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

function optional<Key extends string>(fields: Fields, key: Key): { readonly [K in Key]?: string } {
  return fields.has(key) ? ({ [key]: fields.text(key) } as { readonly [K in Key]?: string }) : {};
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 80));

function missing(path: string): RefitError {
  return new RefitError('E_PIN_MISSING', `Cannot read the pin ${path}: saw no file, expected what refit pin wrote`, {
    hint: 'refit pin --product NAME --to VERSION writes one; --pinned FILE names another',
    facts: { path },
  });
}

function invalid(path: string, seen: string, expected: string): RefitError {
  return new RefitError('E_PIN_INVALID', `Cannot trust the pin ${path}: saw ${seen}, expected ${expected}`, {
    hint: 'get it again from where it is committed, or make it anew: refit pin',
    facts: { path, seen, expected },
  });
}
