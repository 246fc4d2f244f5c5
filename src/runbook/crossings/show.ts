import type { ServiceUser } from '../facts.ts';
import { makeable, type Needed } from './needed.ts';
import { dropInText } from './service-user.ts';

/** What crossings change beside the env file, for a person to agree to; empty where nothing. */
export interface CrossedShown {
  /** One line each: from where, to where, whose, and what it replaces. */
  readonly files: readonly string[];
  /** As `diff -U0`. */
  readonly unitDiff: string;
  /** What gets another owner. */
  readonly owners: readonly string[];
}

export function shownCrossings(needed: readonly Needed[], waived: readonly string[]): CrossedShown {
  const { made, account } = makeable(needed, waived);
  return {
    files: made.flatMap(({ copies }) =>
      copies.map(({ from, to, dress, whose, replaces }) => {
        const looks = dress === undefined ? '' : ` (${whose} 0${dress.mode.toString(8)})`;
        return `${from} -> ${to}${looks}${replaces ? ', in place of another one, which a rollback brings back' : ''}`;
      }),
    ),
    unitDiff: account === undefined ? '' : newFile(account.dropIn, dropInText(account)),
    owners: account === undefined ? [] : ownersOf(account),
  };
}

function newFile(path: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  return [`--- /dev/null`, `+++ ${path}`, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`), ''].join(
    '\n',
  );
}

function ownersOf({ user, group, directories, paths, trees }: ServiceUser): readonly string[] {
  const inside = (path: string): boolean => directories.some((directory) => path.startsWith(`${directory}/`));
  return [
    ...directories.map((path) => `${user}:${group} ${path} and all in it`),
    ...paths.filter((path) => !inside(path)).map((path) => `${user}:${group} ${path}`),
    ...trees.map(({ root, files }) => `${user}:${group} ${root}, of each folder in it itself and ${files.join(', ')}`),
  ];
}
