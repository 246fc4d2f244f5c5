import path from 'node:path';

/** Where one installation's state lies: `<state directory>/<installation>/`. */
export interface StorePaths {
  readonly root: string;
  /** Derived, for people and scripts, 0644. */
  readonly state: string;
  readonly lock: string;
  /** What people decided of releases that failed here. */
  readonly ledger: string;
  readonly runs: string;
  /** Downloads on their way into an installation; proven ones go on into the cache. */
  readonly releases: string;
  /** Of all installations: proven archives, named by their SHA-256. */
  readonly cache: string;
  /** Scratch of a rehearsal that no run is part of; gone with it. */
  readonly rehearsals: string;
  /** Exists while a start of the service is forbidden (window discipline). */
  readonly window: string;
}

/** Where one run's files lie, 0700. */
export interface RunPaths {
  readonly directory: string;
  readonly journal: string;
  readonly events: string;
  readonly evidence: string;
  readonly scratch: string;
  /** Room kept for the records of a way back on a full disk (law 15). */
  readonly reserve: string;
  /** The product's API token, for whoever must undo what was set with it; 0600, gone when the run ends. */
  readonly token: string;
  /** What the archive of this run's copy must be: beside the data it may be somebody else's to change. */
  readonly archive: string;
  /** When its copy and its archive were last proven by `backup verify`. */
  readonly verified: string;
}

/** Its parent is 0700 as well: it may be an installation's, whose unit is called so. */
export function cachePath(stateDirectory: string): string {
  return path.join(stateDirectory, 'cache', 'sha256');
}

export function storePaths(stateDirectory: string, installation: string): StorePaths {
  const root = path.join(stateDirectory, installation);
  return {
    root,
    state: path.join(root, 'state.json'),
    lock: path.join(root, 'run.lock'),
    ledger: path.join(root, 'ledger.jsonl'),
    runs: path.join(root, 'runs'),
    releases: path.join(root, 'releases'),
    cache: cachePath(stateDirectory),
    rehearsals: path.join(root, 'rehearsals'),
    window: path.join(root, 'window'),
  };
}

export function runPaths(store: StorePaths, run: string): RunPaths {
  const directory = path.join(store.runs, run);
  return {
    directory,
    journal: path.join(directory, 'journal.jsonl'),
    events: path.join(directory, 'events.ndjson'),
    evidence: path.join(directory, 'evidence'),
    scratch: path.join(directory, 'scratch'),
    reserve: path.join(directory, 'reserve'),
    token: path.join(directory, 'token'),
    archive: path.join(directory, 'archive.json'),
    verified: path.join(directory, 'verified.json'),
  };
}

/** Of the whole state directory: what `refit trust refresh` brought. */
export function refreshedRootIn(stateDirectory: string): string {
  return `${stateDirectory}/trust/sigstore.json`;
}
