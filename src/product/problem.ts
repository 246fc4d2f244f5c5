import { RefitError } from '../errors.ts';

/** A place in a file a person can edit. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a profile. `path` is dotted (`health.probes.2.url`), empty for the whole file. */
export interface Problem {
  readonly at: Place;
  readonly path: string;
  readonly message: string;
}

/** A person reads no more at once; a hostile file could have tens of thousands. */
const MAX_SHOWN = 100;

export function sentence({ at, path, message }: Problem): string {
  return `${at.file}:${at.line}:${at.column}: ${path === '' ? '' : `${path}: `}${message}`;
}

/** All of them in one error, in the order of the file: a person corrects a file once, not once per run. */
export function profileError(name: string, problems: readonly Problem[]): RefitError {
  const lines = problems
    .toSorted((a, b) => a.at.file.localeCompare(b.at.file, 'en') || a.at.line - b.at.line || a.at.column - b.at.column)
    .map(sentence);
  const unique = [...new Set(lines)];
  const count = `${unique.length} problem${unique.length === 1 ? '' : 's'}`;
  const shown = unique.slice(0, MAX_SHOWN);
  if (unique.length > MAX_SHOWN) shown.push(`and ${unique.length - MAX_SHOWN} more`);
  return new RefitError(
    'E_PROFILE_INVALID',
    `Cannot read the profile ${JSON.stringify(name)}: saw ${count}, expected none\n${shown.join('\n')}`,
    { hint: 'refit docs profile', facts: { problems: unique.length } },
  );
}
