import { compareBuild, parseVersion, requireVersion, same, type Version } from '../../version/version.ts';
import type { Source } from '../release.ts';
import { type ReleaseNotes, readNotes } from './notes.ts';

export interface Crossing {
  /** Installed: its own notes are not news. Undefined: from the first on. */
  readonly from?: string | undefined;
  /** The version that is gone to, included. */
  readonly to: string;
}

/** Who leaps over more than a hundred versions reads those of the last hundred. */
const MAX_VERSIONS = 100;
const MAX_TOTAL = 1024 * 1024;

/** The notes of every version on the way, oldest first; prereleases are only on the way where one is its end. */
export async function notesCrossed(
  source: Source,
  { from, to }: Crossing,
  stop?: AbortSignal,
): Promise<readonly ReleaseNotes[]> {
  const first = from === undefined ? undefined : parseVersion(from);
  const last = requireVersion(to, 'the chosen release');
  const texts = await source.notes((tag) => isCrossed(parseVersion(tag), first, last), stop);
  const known = [...texts].flatMap(([tag, text]) => {
    const version = parseVersion(tag);
    return version === undefined ? [] : [{ version, notes: readNotes(tag, text) }];
  });
  const newest = known.toSorted((a, b) => compareBuild(b.version, a.version)).slice(0, MAX_VERSIONS);
  let total = 0;
  return newest
    .flatMap(({ notes }) => {
      total += notes.text.length;
      return notes.text === '' || total > MAX_TOTAL ? [] : [notes];
    })
    .toReversed();
}

function isCrossed(version: Version | undefined, first: Version | undefined, last: Version): boolean {
  if (version === undefined) return false;
  if (same(version, last)) return true;
  return (
    !version.prerelease && compareBuild(version, last) < 0 && (first === undefined || compareBuild(version, first) > 0)
  );
}
