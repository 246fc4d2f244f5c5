import fs from 'node:fs';
import path from 'node:path';
import { keptAs } from '../../src/runbook/backups/names.ts';
import { factsOf } from '../../src/runbook/facts.ts';
import { GENERATIONS } from '../../src/runbook/gather.ts';
import { runPaths, storePaths } from '../../src/runbook/store/paths.ts';
import type { StoredRun } from '../../src/runbook/store/runs.ts';
import { sha256 } from './scene.ts';
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
  const shelves = run === undefined ? [] : [factsOf(run.state.plan).generations];
  return [...single, ...stagedIn(prefix, stateDirectory), ...shelves.flatMap(halfMade), ...wronglyNamed(store.cache)]
    .filter((file) => !told.some((message) => message.includes(file)))
    .map((file) => `${path.relative(prefix, file)} is left behind`);
}

/** What is written beside its name until it is whole, and what is only looked at. */
function halfMade(generations: string): readonly string[] {
  if (!fs.existsSync(generations)) return [];
  const left = fs.readdirSync(generations).filter((name) => keptAs(name)?.kind === 'left');
  return left.map((name) => path.join(generations, name));
}

/** A name in the cache is the digest of what has it, or somebody would be given other bytes than they asked for. */
function wronglyNamed(cache: string): readonly string[] {
  if (!fs.existsSync(cache)) return [];
  const files = fs.readdirSync(cache).map((name) => path.join(cache, name));
  return files.filter((file) => sha256(file) !== path.basename(file));
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
