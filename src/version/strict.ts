import { RefitError } from '../errors.ts';
import { parseRequest } from './request.ts';
import { requireVersion, type Version } from './version.ts';

/** semver.org's own expression, anchored. The package that parses versions also takes a "v", blanks around and "=". */
const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

export function isStrict(text: string): boolean {
  return SEMVER.test(text);
}

/** As `requireVersion`, of exactly semver 2.0: no "v", no blanks, no leading zeros. */
export function requireStrict(text: string, what: string): Version {
  if (isStrict(text)) return requireVersion(text, what);
  throw new RefitError(
    'E_VERSION_UNPARSABLE',
    `Cannot read ${what}: saw "${text}", expected strict semver such as 0.2.13`,
    {
      hint: 'this product has no "v" before its versions, and nothing around them',
      facts: { seen: text },
    },
  );
}

/** What was asked for, where versions are strict: "latest", a strict version, or a range of numbers without "v". */
export function requireStrictRequest(text: string): void {
  if (text === text.trim() && !/v/i.test(text)) {
    const request = parseRequest(text);
    if (request.kind === 'exact') requireStrict(text, 'the wanted version');
    return;
  }
  if (text === 'latest') return;
  requireStrict(text, 'the wanted version');
}
