import type { Plan } from '../../engine/plan.ts';
import type { RunState } from '../../engine/replay.ts';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { factsOf } from '../facts.ts';
import { authorityOf } from '../waivers.ts';

/** What a worker is told; it reads nothing else: its environment and working directory are the service manager's. */
export interface WorkRequest {
  readonly format: 1;
  /** Names this command's answer file, so that two workers cannot take each other's. */
  readonly nonce: string;
  readonly run: string;
  readonly installation: string;
  readonly stateDirectory: string;
  /** Begin this plan; absent: continue the run that is open. */
  readonly plan?: Plan;
  /** The person's way back, or the guard's where nobody came: turn the open run before driving it. */
  readonly turn: boolean | 'deadline';
  /** Stop after this stage. */
  readonly until?: string;
  /** What this command lets pass of what the run paused for; absent: nothing. */
  readonly waived?: readonly string[];
  /** Why. */
  readonly because?: string;
  /** Who asked: the user behind sudo. */
  readonly by: string;
  readonly command: string;
  /** Proxies, certificates and the source's token, by variable: the manager's environment lacks them. */
  readonly network: Readonly<Record<string, string>>;
}

/** Who lets what pass in a worker's share of a run: its command, else the plan. */
export function waivedFor({ waived = [], because, by }: WorkRequest, { plan, by: begunBy }: RunState) {
  return authorityOf(factsOf(plan).options, begunBy, { waived, who: by, why: because ?? null });
}

/** A plan of many hops and files is far below this. */
const MAX_BYTES = 16 * 2 ** 20;

export function requestPath(runDirectory: string, nonce: string): string {
  return `${runDirectory}/request-${nonce}.json`;
}

export function answerPath(runDirectory: string, nonce: string): string {
  return `${runDirectory}/answer-${nonce}.json`;
}

/** How a worker's command ended, for whoever waits for it. */
export interface WorkAnswer {
  readonly exit: number;
  /** The run that the same worker has begun since, and whose answer lies beside it under the same name. */
  readonly follows?: string;
  /** What went wrong before or beside the run's own records; absent when the journal says it all. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

export async function readRequest(files: Files, path: string): Promise<WorkRequest> {
  const text = (await files.read(path, { maxBytes: MAX_BYTES })).toString('utf8');
  const request = JSON.parse(text) as WorkRequest;
  if (request.format === 1) return request;
  throw new RefitError('E_PLAN_MISMATCH', `Cannot read ${path}: it is of another refit version`, {
    hint: 'Type the command again',
  });
}
