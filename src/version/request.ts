import semverValidRange from 'semver/ranges/valid.js';
import { RefitError } from '../errors.ts';
import { parseVersion, type Version } from './version.ts';

/** What a person asked for with `--to`. */
export type VersionRequest =
  | { readonly kind: 'latest' }
  | { readonly kind: 'exact'; readonly version: Version }
  | { readonly kind: 'range'; readonly range: string };

/** "latest", a whole version, or a range ("v0.2.x", "0.2", "^0.2.3", ">=0.2.9 <0.3"). Rejects with E_VERSION_UNPARSABLE. */
export function parseRequest(text: string): VersionRequest {
  const trimmed = text.trim();
  if (trimmed === 'latest') return { kind: 'latest' };
  const version = parseVersion(trimmed);
  if (version !== undefined) return { kind: 'exact', version };
  // semver reads "" and "||" as "any": an unset shell variable must not become the newest release.
  const range = /\d|^[xX*]$/.test(trimmed) ? semverValidRange(trimmed) : null;
  // As typed: semver's normal form has forgotten whether a bound was an x, which decides over prereleases.
  if (range !== null) return { kind: 'range', range: trimmed };
  throw new RefitError(
    'E_VERSION_UNPARSABLE',
    `Cannot read the wanted version: saw "${text}", expected a tag, a range or "latest"`,
    { hint: 'try v0.2.13, v0.2.x, "^0.2.3", ">=0.2.9 <0.3" or latest', facts: { seen: text } },
  );
}
