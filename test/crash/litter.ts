import fs from 'node:fs';
import path from 'node:path';
import { GENERATIONS } from '../../src/runbook/gather.ts';
import { runPaths, storePaths } from '../../src/runbook/store/paths.ts';
import type { StoredRun } from '../../src/runbook/store/runs.ts';
import { type Slot, UNIT } from './slot.ts';

/** What an ended run must have taken away with it, but for what it says it could not. */
export function litterProblems({ prefix, stateDirectory }: Slot, run: StoredRun | undefined): readonly string[] {
  const store = storePaths(stateDirectory, UNIT);
  const paths = run?.paths;
  const told = run?.state.warnings.map(({ failure }) => failure.message) ?? [];
  const single = [
    store.window,
    path.join(prefix, `run/${UNIT}.hold`),
    ...(paths === undefined ? [] : [paths.reserve, paths.scratch]),
    // Of every run, also of one that never wrote its first record.
    ...runNames(store.runs).map((id) => runPaths(store, id).token),
  ].filter((file) => fs.existsSync(file));
  return [...single, ...stagedIn(prefix, stateDirectory)]
    .filter((file) => !told.some((message) => message.includes(file)))
    .map((file) => `${path.relative(prefix, file)} is left behind`);
}

function runNames(runs: string): readonly string[] {
  return fs.existsSync(runs) ? fs.readdirSync(runs) : [];
}

/** Staging folders and half-written files among what is not ours. */
function stagedIn(directory: string, leftOut: string): readonly string[] {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const found = path.join(directory, entry.name);
    if (found === leftOut || entry.name === GENERATIONS) return [];
    if (entry.name.startsWith('.refit-')) return [found];
    return entry.isDirectory() ? stagedIn(found, leftOut) : [];
  });
}
