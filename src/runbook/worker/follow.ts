import { RefitError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { runPaths, type StorePaths } from '../store/paths.ts';
import type { RunEvent } from './events.ts';
import { answerPath, type WorkAnswer } from './request.ts';

const POLL_MS = 50;
/** A worker takes the lock within this after its start, or it never will. */
const STARTING_MS = 10_000;
const CHUNK_BYTES = 2 ** 20;

export interface FollowOptions {
  /** Of the command that is waited for; undefined for a bystander (`attach`). */
  readonly nonce: string | undefined;
  /** Skip what is in the file already. */
  readonly fromEnd?: boolean;
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
  { nonce, fromEnd = false, leave }: FollowOptions,
): AsyncGenerator<RunEvent, WorkAnswer | undefined> {
  const paths = runPaths(store, run);
  const { files, clock, lock } = host;
  let offset = fromEnd ? ((await files.stat(paths.events))?.size ?? 0) : 0;
  let rest = '';
  let seen = false;
  const giveUpAt = clock.monotonic() + STARTING_MS;
  for (;;) {
    // Looked at before the events are read, so that none written before the end is missed.
    const answer = nonce === undefined ? undefined : await readAnswer(files, answerPath(paths.directory, nonce));
    const { held } = await lock.holder(store.lock);
    if ((await files.stat(paths.events)) !== undefined) {
      for (;;) {
        const chunk = await files.readFrom(paths.events, offset, CHUNK_BYTES);
        if (chunk.length === 0) break;
        offset += chunk.length;
        const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line) as RunEvent;
      }
    }
    if (answer !== undefined) return answer;
    if (leave.aborted) return undefined;
    seen ||= held;
    if (!held && (seen || nonce === undefined || clock.monotonic() > giveUpAt)) {
      // It may have written its answer between our two looks.
      return nonce === undefined ? undefined : readAnswer(files, answerPath(paths.directory, nonce));
    }
    await clock.sleep(POLL_MS);
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
