import { RefitError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { runPaths, type StorePaths } from '../store/paths.ts';
import type { RunEvent } from './events.ts';
import type { Launched } from './launch.ts';
import { answerPath, type WorkAnswer } from './request.ts';

const POLL_MS = 50;
/** From a worker's answer until it has let go of the lock: at once, unless somebody else has taken it since. */
const RELEASING_MS = 2_000;
/** Longer than any line of ours. */
const CHUNK_BYTES = 2 ** 20;

export interface FollowOptions {
  /** Of the command that is waited for: its own events alone. Undefined for a bystander (`attach`), who sees them all. */
  readonly worker: Omit<Launched, 'run'> | undefined;
  readonly leave: AbortSignal;
}

/**
 * A run's events as they come. Returns the worker's answer; undefined when the worker is gone without one, or the viewer
 * leaves: the journal says what is true then.
 */
export async function* follow(
  host: Pick<Host, 'files' | 'clock' | 'lock'>,
  store: StorePaths,
  run: string,
  { worker, leave }: FollowOptions,
): AsyncGenerator<RunEvent, WorkAnswer | undefined> {
  const paths = runPaths(store, run);
  const { files, clock, lock } = host;
  const lines = followLines(files, paths.events, worker?.eventsFrom ?? 0);
  let ended = false;
  let answeredAt: number | undefined;
  for (;;) {
    // All looked at before the events are read, so that none written before the end is missed; and whether it lives before
    // its answer, so that what it wrote last is not missed either.
    const alive = await worker?.alive();
    const answer =
      worker === undefined ? undefined : await readAnswer(files, answerPath(paths.directory, worker.nonce));
    const { held } = await lock.holder(store.lock);
    for await (const event of lines()) {
      ended = event.type === 'run.end';
      yield event;
    }
    if (answer !== undefined) {
      // The lock goes a moment after it; whoever types the next command at once must find it free.
      answeredAt ??= clock.monotonic();
      if (!held || answer.error?.code === 'E_LOCKED' || clock.monotonic() - answeredAt > RELEASING_MS) return answer;
    }
    if (leave.aborted) return undefined;
    // Whoever holds the lock now is at another run.
    if (worker === undefined && (ended || !held)) return undefined;
    if (alive === false && answer === undefined) return undefined;
    await clock.sleep(POLL_MS);
  }
}

/** What has been added to an event file since the last call, by whole lines. */
function followLines(files: Host['files'], path: string, from: number): () => AsyncGenerator<RunEvent> {
  let offset = from;
  return async function* added() {
    if ((await files.stat(path)) === undefined) return;
    for (;;) {
      const chunk = await files.readFrom(path, offset, CHUNK_BYTES);
      // Cut at the last newline before it is text. What follows is read again: it may end in half a character, and is taken
      // back where the disk was full.
      const end = chunk.lastIndexOf(10) + 1;
      if (end === 0) return;
      offset += end;
      for (const line of chunk.toString('utf8', 0, end).split('\n')) {
        const event = eventIn(line);
        if (event !== undefined) yield event;
      }
    }
  };
}

/** Undefined for the half line that a killed worker left: its number is given again. */
function eventIn(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}

async function readAnswer(files: Host['files'], path: string): Promise<WorkAnswer | undefined> {
  try {
    return JSON.parse((await files.read(path, { maxBytes: 65_536 })).toString('utf8')) as WorkAnswer;
  } catch (error) {
    if (error instanceof RefitError && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}
