import type * as v from 'valibot';
import { closest } from './closest.ts';
import type { Problem } from './problem.ts';
import { NO_SUCH_KEY } from './schema/values.ts';
import { placeOf, scalarAt, type Tree } from './tree.ts';

type Issue = v.BaseIssue<unknown>;

/** What a person wrote, short enough for a message. */
function seen(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'an empty value';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  const written = JSON.stringify(input);
  return written.length > 80 ? `${written.slice(0, 77)}…` : written;
}

/** valibot's names of types, for people. */
const TYPES: Readonly<Record<string, string>> = { Object: 'a map', Array: 'a list', string: 'text' };

function expected(issue: Issue): string {
  const ours = !issue.message.startsWith('Invalid ');
  if (ours) return issue.message;
  const named = issue.expected ?? 'something else';
  return TYPES[named] ?? named.replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ' or ');
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  const suggestion = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  return `saw the unknown key "${key}", expected one of ${known.join(', ')}${suggestion}`;
}

/** What valibot says of one value, in our words and at its place in the file. */
export function problemOf(issue: Issue, tree: Tree): Problem {
  const items = issue.path ?? [];
  const keys = items.map((item) => String(item.key));
  const path = keys.join('.');
  const aboutKey = issue.type === 'never' || items.at(-1)?.origin === 'key';
  const at = placeOf(tree, keys, aboutKey ? 'key' : 'value');
  if (issue.message.startsWith(NO_SUCH_KEY)) {
    const known = issue.message.slice(NO_SUCH_KEY.length).split(' ');
    return { at, path, message: unknownKey(keys.at(-1) ?? '', known) };
  }
  // A template's own messages already say what was seen: the name in the braces, not the whole text.
  if (issue.message.startsWith('saw ')) return { at, path, message: issue.message };
  if (issue.message.startsWith('Invalid key: ')) return { at, path, message: 'saw nothing, expected this key' };
  // As written: a duration that is too long was a number of milliseconds by the time it was judged.
  const written = aboutKey ? undefined : scalarAt(tree, ...keys);
  return { at, path, message: `saw ${seen(written ?? issue.input)}, expected ${expected(issue)}` };
}
