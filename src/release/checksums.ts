import { RefitError } from '../errors.ts';
import { looksLike } from './looks-like.ts';

/** Real ones have a line per asset; this is room for ten thousand. */
export const CHECKSUMS_MAX_BYTES = 1024 * 1024;

const GNU = /^(?<sha256>[0-9a-f]{64}) [ *](?<name>.+)$/i;
const BSD = /^SHA256 \((?<name>.+)\) = (?<sha256>[0-9a-f]{64})$/i;
const BARE = /^(?<sha256>[0-9a-f]{64})$/i;

interface Line {
  readonly name: string | undefined;
  readonly sha256: string;
}

/**
 * Reads what `sha256sum` writes (text and binary mode, `--tag`; CRLF tolerated): file name to digest. All of it must be
 * understood, E_CHECKSUMS_INVALID otherwise: a line that is skipped may be the one that disagrees.
 */
export function parseChecksums(data: Buffer, origin: string): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  for (const line of linesOf(data, origin)) {
    const { name, sha256 } = parseLine(line, origin);
    if (name === undefined) throw invalid(origin, 'a digest without a file name', 'a name on every line');
    const earlier = digests.get(name);
    if (earlier !== undefined && earlier !== sha256) {
      throw invalid(origin, `two digests for ${name}`, 'one', { name });
    }
    digests.set(name, sha256);
  }
  return digests;
}

/** Reads a `<asset>.sha256`: one digest, alone or with the asset's name. E_CHECKSUMS_INVALID otherwise. */
export function parseSidecar(data: Buffer, asset: string, origin: string): string {
  const lines = linesOf(data, origin);
  const only = lines[0];
  if (only === undefined || lines.length > 1) throw invalid(origin, `${lines.length} lines`, 'one');
  const { name, sha256 } = parseLine(only, origin);
  if (name === undefined || name === asset) return sha256;
  throw invalid(origin, `the digest of ${JSON.stringify(name)}`, `that of ${asset}`, { name });
}

/** 64 hexadecimal digits of either case, made lower; undefined where it is none. */
export function parseDigest(text: string): string | undefined {
  return BARE.test(text) ? text.toLowerCase() : undefined;
}

function linesOf(data: Buffer, origin: string): readonly string[] {
  if (data.length > CHECKSUMS_MAX_BYTES) {
    throw invalid(origin, `${data.length} bytes`, `at most ${CHECKSUMS_MAX_BYTES}`);
  }
  const lines = data
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  if (lines.length === 0) throw invalid(origin, 'an empty file', 'lines of digest and name');
  if (looksLike(data) === 'an HTML page') throw invalid(origin, 'an HTML page', 'lines of digest and name');
  return lines;
}

function parseLine(line: string, origin: string): Line {
  const groups = (GNU.exec(line) ?? BSD.exec(line) ?? BARE.exec(line))?.groups;
  const sha256 = groups?.['sha256'];
  if (sha256 === undefined) {
    throw invalid(origin, JSON.stringify(line.slice(0, 80)), 'a SHA-256 digest and a file name');
  }
  return {
    name: groups?.['name'] === undefined ? undefined : plainName(groups['name'], origin),
    sha256: sha256.toLowerCase(),
  };
}

// `sha256sum ./*` writes the "./". Any other folder, and any control character, has no business in a release's list.
function plainName(written: string, origin: string): string {
  const name = written.startsWith('./') ? written.slice(2) : written;
  if (name !== '' && name !== '.' && name !== '..' && !/[/\\\p{Cc}\ufffd]/u.test(name)) return name;
  throw invalid(origin, `the name ${JSON.stringify(written.slice(0, 80))}`, 'plain file names', { name: written });
}

function invalid(origin: string, seen: string, expected: string, facts: Record<string, string> = {}): RefitError {
  return new RefitError('E_CHECKSUMS_INVALID', `Cannot trust ${origin}: saw ${seen}, expected ${expected}`, {
    hint: 'get the digest from the publisher by another way and pass it: --sha256 HEX',
    facts: { origin, ...facts },
  });
}
