import type { Argv } from '../host/commands.ts';

/** A start that is refused because the service runs already, or because a hold stands. */
export const REFUSED = 75;

/** Longer than a look at the lock takes, and short enough to be told at once. */
const LOCK_WAIT_S = 2;

/**
 * Runs with the lock held, in the process that becomes the server: `exec` keeps the pid, the start time and the lock. No
 * program but the shell itself, so the server's own environment needs no PATH. A hold that appears after the look belongs to
 * someone who stops the service next.
 */
const LAUNCH = `pid_file=$1 hold=$2
shift 2
if [ -e "$hold" ]; then
  IFS= read -r marker < "$hold"
  if [ -e "$marker" ]; then
    echo "refit: not started while $marker is there" >&2
    exit ${REFUSED}
  fi
fi
start_time() { shift 19; echo "$1"; }
IFS= read -r stat < /proc/$$/stat
{ echo $$; start_time \${stat##*) }; } > "$pid_file"
exec "$@"`;

export interface LaunchPaths {
  readonly lock: string;
  readonly pid: string;
  /** Holds the path of the marker, like a unit's drop-in. */
  readonly hold: string;
}

/**
 * `flock --no-fork` takes the kernel's lock on a file that the server inherits open: a second start is impossible while it
 * runs, and nothing is stale after it. A server that closes every descriptor at its start, or a child that outlives it with
 * this one open, breaks that: neither is for this manager.
 */
export function launchArgv(programs: { flock: string; shell: string }, paths: LaunchPaths, argv: Argv): Argv {
  const lock = ['--no-fork', '--timeout', String(LOCK_WAIT_S), '--conflict-exit-code', String(REFUSED), paths.lock];
  return [programs.flock, ...lock, programs.shell, '-c', LAUNCH, 'refit-launch', paths.pid, paths.hold, ...argv];
}

/** Whether somebody holds the lock: opens the file that is there, creates none. */
export function probeArgv(programs: { flock: string; shell: string }, lock: string): Argv {
  const probe = `exec 9<"$1" && exec "$2" --shared --nonblock --conflict-exit-code ${REFUSED} 9`;
  return [programs.shell, '-c', probe, 'refit-probe', lock, programs.flock];
}
