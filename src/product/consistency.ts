import { closest } from './closest.ts';
import type { Problem } from './problem.ts';
import { parseTemplate, referencesOf } from './template.ts';
import { itemsAt, placeOf, scalarAt, scalarsOf, type Tree, treeAt } from './tree.ts';
import { trustProblems } from './trust-consistency.ts';
import { upgradeProblems } from './upgrade-consistency.ts';

/** Keys that hold text for people, in which a brace is only a brace, and patterns, in which it is a count. */
const PROSE = new Set([
  'why',
  'remedy',
  'title',
  'name',
  'pattern',
  'body',
  'contains',
  'statement',
  'before',
  'after',
]);
const PROSE_LISTS = new Set(['failure_lines', 'red_flags']);

type Check = (tree: Tree) => readonly Problem[];

function problem(tree: Tree, path: string, message: string): Problem {
  return { at: placeOf(tree, path.split('.'), 'value'), path, message };
}

/** A template can only use what this installation will have: an env key nobody sets is a typing mistake met in the window. */
const referencesResolve: Check = (tree) => {
  const defaults = treeAt(tree, 'env', 'defaults');
  const known = new Set(defaults?.kind === 'map' ? defaults.entries.keys() : []);
  const embedded = scalarAt(tree, 'service', 'manager') === 'embedded';
  const problems: Problem[] = [];
  for (const { path, at, value } of scalarsOf(tree)) {
    if (typeof value !== 'string' || PROSE.has(path.at(-1) ?? '') || PROSE_LISTS.has(path.at(-2) ?? '')) continue;
    if ('problem' in parseTemplate(value)) continue;
    const guard = scalarAt(tree, ...path.slice(0, -1), 'when_env');
    for (const name of referencesOf(value)) {
      const key = name.startsWith('env.') ? name.slice('env.'.length) : undefined;
      if (key !== undefined && !known.has(key) && key !== guard) {
        const meant = closest(key, [...known]);
        const suggestion = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
        const message = `saw {env.${key}}, expected a key of env.defaults or of when_env beside it${suggestion}`;
        problems.push({ at, path: path.join('.'), message });
      }
      if (name === 'prefix' && !embedded) {
        const message = 'saw {prefix}, expected it only where service.manager is embedded';
        problems.push({ at, path: path.join('.'), message });
      }
    }
  }
  return problems;
};

/** Names are typed on command lines and looked up in journals. */
function namesDiffer(list: readonly string[], key: string): Check {
  return (tree) => {
    const seen = new Set<unknown>();
    return itemsAt(tree, ...list).flatMap((item, index) => {
      const name = scalarAt(item, key);
      if (typeof name !== 'string' || !seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [
        problem(tree, [...list, index, key].join('.'), `saw ${JSON.stringify(name)} again, expected different ones`),
      ];
    });
  };
}

const membersHavePlaces: Check = (tree) => {
  const members = itemsAt(tree, 'release', 'members');
  const problems: Problem[] = [];
  const binaries = members.filter((member) => scalarAt(member, 'role') === 'binary').length;
  if (members.length > 0 && binaries !== 1) {
    problems.push(problem(tree, 'release.members', `saw ${binaries} members with role binary, expected exactly one`));
  }
  for (const [index, member] of members.entries()) {
    const path = `release.members.${index}`;
    const target = scalarAt(member, 'target');
    const isBinary = scalarAt(member, 'role') === 'binary';
    if (isBinary && target !== undefined) {
      problems.push(problem(tree, `${path}.target`, 'saw a target for the binary, expected binary.path to say it'));
    }
    if (!isBinary && target === undefined)
      problems.push(problem(tree, path, 'saw no target, expected one for every member but the binary'));
    if (scalarAt(member, 'every_arch') === true && typeof target === 'string' && !target.includes('{arch}')) {
      problems.push(
        problem(
          tree,
          `${path}.target`,
          `saw ${JSON.stringify(target)}, expected {arch} in it: one file for each architecture`,
        ),
      );
    }
  }
  return problems;
};

const probesAgree: Check = (tree) => {
  const probes = itemsAt(tree, 'health', 'probes');
  const problems: Problem[] = [];
  for (const [key, what] of [
    ['answers', 'ends the window'],
    ['alive', 'shows that something is there'],
  ] as const) {
    const [, second] = probes.flatMap((probe, index) => (scalarAt(probe, key) === true ? [index] : []));
    if (second === undefined) continue;
    problems.push(problem(tree, `health.probes.${second}.${key}`, `saw a second probe that ${what}, expected one`));
  }
  const served = probes.findIndex((probe) => scalarAt(probe, 'kind') === 'served');
  const serves = itemsAt(tree, 'release', 'members').some((member) => scalarAt(member, 'served_as') !== undefined);
  if (served >= 0 && !serves) {
    problems.push(
      problem(tree, `health.probes.${served}.kind`, 'saw a probe of what is served, expected a member with served_as'),
    );
  }
  return problems;
};

const baselineNeeds: Check = (tree) => {
  const rows = itemsAt(tree, 'health', 'baseline');
  const names = rows.map((row) => scalarAt(row, 'name')).filter((name) => typeof name === 'string');
  return rows.flatMap((row, index) => {
    const needs = scalarAt(row, 'needs');
    if (typeof needs !== 'string' || (names.includes(needs) && needs !== scalarAt(row, 'name'))) return [];
    const saw = `saw ${JSON.stringify(needs)}, expected the name of another row`;
    return [problem(tree, `health.baseline.${index}.needs`, saw)];
  });
};

/** Who replaces all rows in a file of changes has none for it any more: a spot check is refused then, and nothing else. */
const spotCheckIsNested: Check = (tree) => {
  const name = scalarAt(tree, 'health', 'spot_check');
  const rows = itemsAt(tree, 'health', 'baseline');
  const nested = rows.filter((row) => scalarAt(row, 'kind') === 'nested').map((row) => scalarAt(row, 'name'));
  const isNamed = rows.some((row) => scalarAt(row, 'name') === name);
  if (typeof name !== 'string' || nested.includes(name) || (nested.length === 0 && !isNamed)) return [];
  const saw = `saw ${JSON.stringify(name)}, expected the name of a row of health.baseline of kind nested`;
  return [problem(tree, 'health.spot_check', saw)];
};

/** Statements run on a snapshot of the first database. */
const databasesExist: Check = (tree) => {
  const [database] = itemsAt(tree, 'data', 'databases');
  const problems: Problem[] = [];
  if (treeAt(tree, 'migrate') !== undefined && treeAt(database, 'schema') === undefined) {
    problems.push(
      problem(
        tree,
        'migrate',
        'saw a migration command, expected data.databases.0.schema to say where versions are kept',
      ),
    );
  }
  if (database !== undefined) return problems;
  if (treeAt(tree, 'agents') !== undefined) {
    problems.push(problem(tree, 'agents', 'saw statements about agents, expected a database in data.databases'));
  }
  for (const [index, job] of itemsAt(tree, 'jobs').entries()) {
    if (scalarAt(job, 'kind') !== 'rows') continue;
    problems.push(problem(tree, `jobs.${index}`, 'saw a statement, expected a database in data.databases'));
  }
  return problems;
};

const crossingsDoSomething: Check = (tree) =>
  itemsAt(tree, 'env', 'crossings').flatMap((crossing, index) => {
    if (scalarAt(crossing, 'key') !== undefined) return [];
    const path = `env.crossings.${index}`;
    if (scalarAt(crossing, 'value') !== undefined) {
      return [problem(tree, `${path}.value`, 'saw a value, expected a key beside it')];
    }
    if (itemsAt(crossing, 'copy').length > 0 || treeAt(crossing, 'service_user') !== undefined) return [];
    return [problem(tree, path, 'saw neither a key nor files to copy nor an account, expected one of them')];
  });

/** An embedded service runs as whoever starts it. */
const accountsNeedUnit: Check = (tree) =>
  itemsAt(tree, 'env', 'crossings').flatMap((crossing, index) => {
    const isUnit = scalarAt(tree, 'service', 'manager') !== 'embedded';
    if (isUnit || treeAt(crossing, 'service_user') === undefined) return [];
    const path = `env.crossings.${index}.service_user`;
    return [problem(tree, path, 'saw an account, expected it only where service.manager is systemd')];
  });

/** Once the service has answered there is nothing left that a hook could keep from happening. */
const hooksAbortBefore: Check = (tree) =>
  itemsAt(tree, 'hooks').flatMap((hook, index) => {
    const at = scalarAt(hook, 'at');
    if (scalarAt(hook, 'on_failure') !== 'abort' || typeof at !== 'string' || !at.startsWith('after-')) return [];
    return [problem(tree, `hooks.${index}.on_failure`, `saw abort of a hook at ${at}, expected warn after the window`)];
  });

const CHECKS: readonly Check[] = [
  referencesResolve,
  namesDiffer(['health', 'probes'], 'name'),
  namesDiffer(['health', 'baseline'], 'name'),
  baselineNeeds,
  spotCheckIsNested,
  namesDiffer(['release', 'members'], 'member'),
  namesDiffer(['env', 'crossings'], 'code'),
  namesDiffer(['jobs'], 'code'),
  namesDiffer(['hooks'], 'name'),
  hooksAbortBefore,
  namesDiffer(['upgrades', 'advisories'], 'code'),
  upgradeProblems,
  membersHavePlaces,
  trustProblems,
  probesAgree,
  databasesExist,
  crossingsDoSomething,
  accountsNeedUnit,
];

/**
 * What no single value can be wrong about alone. Works on what was written, sound or not, so that these problems are
 * reported in the same breath as those of the shape.
 */
export function consistencyProblems(tree: Tree): readonly Problem[] {
  return CHECKS.flatMap((check) => check(tree));
}
