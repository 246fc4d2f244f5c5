import * as v from 'valibot';
import { consistencyProblems } from './consistency.ts';
import { problemOf } from './issue.ts';
import { parseYaml, type Source } from './parse-yaml.ts';
import { type Problem, profileError } from './problem.ts';
import { PROFILE_FORMAT, type Profile, profileSchema } from './schema.ts';
import { overlay, type Tree, toPlain } from './tree.ts';

/** What is wrong with the file as a whole; then nothing inside it is judged. */
function wholeProblems(tree: Tree): readonly Problem[] {
  if (tree.kind !== 'map') return [{ at: tree.at, path: '', message: `saw ${words(tree)}, expected a map of keys` }];
  const format = tree.entries.get('format')?.tree;
  if (format?.kind === 'scalar' && typeof format.value === 'number' && format.value > PROFILE_FORMAT) {
    const message = `saw format ${format.value}, expected at most ${PROFILE_FORMAT}: the profile was written for a newer refit, upgrade refit first`;
    return [{ at: format.at, path: 'format', message }];
  }
  return [];
}

function words(tree: Tree): string {
  if (tree.kind === 'list') return 'a list';
  return tree.kind === 'scalar' && tree.value === null ? 'an empty file' : 'a single value';
}

/** An override may say which product it is for, but not make it another one. */
function renames(base: Tree, over: Tree): readonly Problem[] {
  if (base.kind !== 'map' || over.kind !== 'map') return [];
  const from = base.entries.get('product')?.tree;
  const to = over.entries.get('product')?.tree;
  if (from?.kind !== 'scalar' || to?.kind !== 'scalar' || from.value === to.value) return [];
  const message = `saw ${JSON.stringify(to.value)}, expected ${JSON.stringify(from.value)}, which this file overrides`;
  return [{ at: to.at, path: 'product', message }];
}

/**
 * Reads a profile, and over it an override of some of its keys (`overlay`). Every problem of both files is reported in one
 * E_PROFILE_INVALID, each as `file:line:column: path: saw X, expected Y` with the place in the file that wrote it.
 */
export function loadProfile(source: Source, override?: Source): Profile {
  const parsed = [source, ...(override === undefined ? [] : [override])].map(parseYaml);
  const trees = parsed.flatMap(({ tree }) => (tree === undefined ? [] : [tree]));
  const problems = [...parsed.flatMap((one) => one.problems), ...trees.flatMap(wholeProblems)];
  const [base, over] = trees;
  const name = override?.file ?? source.file;
  if (problems.length > 0 || base === undefined) throw profileError(name, problems);
  const tree = over === undefined ? base : overlay(base, over);
  const result = v.safeParse(profileSchema, toPlain(tree));
  const found = [
    ...(over === undefined ? [] : renames(base, over)),
    ...(result.issues ?? []).map((issue) => problemOf(issue, tree)),
    ...consistencyProblems(tree),
  ];
  if (found.length > 0 || !result.success) throw profileError(name, found);
  return result.output;
}
