import fs from 'node:fs';
import path from 'node:path';
import { standingOf } from '../../src/engine/standing.ts';
import type { PlannedHook } from '../../src/runbook/hooks.ts';
import { textOf } from '../../src/runbook/outputs.ts';
import type { StoredRun } from '../../src/runbook/store/runs.ts';

const SCRIPT = 'etc/hook';
const SILENCED = 'etc/silenced';
const HEARD = 'var/heard';

/** For the profile: one command at each place, and one whose failure is to stop the run before the window. */
export const hooksText = (): string => {
  const run = (name: string, word: string) => `["/bin/sh", "{prefix}/${SCRIPT}", ${name}, ${word}]`;
  return `
hooks:
  - { name: note, at: before-backup, run: ${run('note', 'run')} }
  - { name: silence, at: before-window, run: ${run('silence', 'run')}, undo: ${run('silence', 'undo')} }
  - { name: bar, at: before-window, run: ${run('bar', 'run')} }
  - { name: warm, at: after-window, run: ${run('warm', 'run')} }
  - { name: speak, at: after-health, run: ${run('speak', 'run')} }
`;
};

/** Real commands that may be run again: each tells what it was called for, one fails where the target is `barred`. */
export function installHooks(prefix: string, barred: string): void {
  const at = (name: string) => path.join(prefix, name);
  fs.mkdirSync(path.dirname(at(HEARD)), { recursive: true });
  fs.writeFileSync(
    at(SCRIPT),
    `echo "$REFIT_RUN $1 $2" >> '${at(HEARD)}'
case "$1 $2" in
  'silence run') : > '${at(SILENCED)}' ;;
  'silence undo' | 'speak run') rm -f '${at(SILENCED)}' ;;
  'bar run') [ "$REFIT_TO" != ${barred} ] ;;
  'warm run') echo cold >&2; exit 3 ;;
esac
`,
  );
}

/** What was silenced speaks again, however it ended; committed means that each ran, and that the one that fails has warned. */
export function hookProblems(prefix: string, run: StoredRun | undefined): readonly string[] {
  const problems = fs.existsSync(path.join(prefix, SILENCED)) ? ['what a hook silenced is silent still'] : [];
  if (run === undefined) return problems;
  const { state, id } = run;
  const heard = heardOf(prefix, id);
  for (const { index, hop, step } of state.places.filter(({ step: { kind } }) => kind === 'hook')) {
    const isCommitted = hop < state.committedHops;
    const begun = state.steps[index]?.status !== 'pending';
    const { name, undo } = step.input as PlannedHook;
    const words = heard.filter((word) => word.startsWith(`${name} `));
    if (isCommitted && !words.includes(`${name} run`)) problems.push(`committed, but the hook ${name} never ran`);
    if (isCommitted && state.ended === 'committed' && words.includes(`${name} undo`))
      problems.push(`committed, but the hook ${name} was undone`);
    if (!isCommitted && begun && undo !== null && words.includes(`${name} run`) && words.at(-1) !== `${name} undo`)
      problems.push(`${standingOf(state).name}, but the hook ${name} was not undone`);
    if (isCommitted && name === 'warm' && textOf(state.steps[index]?.output, 'warning') === undefined)
      problems.push('committed, but nobody was told that the hook warm failed');
  }
  return problems;
}

function heardOf(prefix: string, run: string): readonly string[] {
  const file = path.join(prefix, HEARD);
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.flatMap((line) => (line.startsWith(`${run} `) ? line.slice(run.length + 1) : []));
}
