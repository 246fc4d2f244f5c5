import { versionLeft } from '../../engine/hop.ts';
import type { PauseReason } from '../../engine/record.ts';
import { standingOf } from '../../engine/standing.ts';
import { factsOf } from '../facts.ts';
import { generationMark } from '../generations.ts';
import { keptBy } from '../kept-by.ts';
import type { Waiver } from '../waiver.ts';
import { waiversOf } from '../waivers.ts';
import type { Workshop } from '../workshop.ts';
import type { StorePaths } from './paths.ts';
import { readRuns, type StoredRun } from './runs.ts';
import { type Skipped, skippedAmong } from './skipped.ts';
import type { Window } from './window.ts';

/** `state.json`: derived from the journals, for people and scripts; nothing of ours reads it. */
export interface InstallationState {
  readonly format: 1;
  readonly installation: string;
  readonly product: string;
  /** What the last run left installed; undefined where none did. */
  readonly version: string | undefined;
  readonly last: RunSummary | undefined;
  readonly open: RunSummary | undefined;
  /** What ranges pass by. */
  readonly skipped: readonly Skipped[];
  /** The generation a rollback goes back to. */
  readonly rollback: { readonly version: string; readonly directory: string } | undefined;
}

export interface RunSummary {
  readonly run: string;
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly standing: string;
  /** Why it waits, while it does. */
  readonly paused: PauseReason | undefined;
  readonly exit: number;
  /** From telling the old version to stop until the new one answered; undefined where no window was measured. */
  readonly windowMs: number | undefined;
  /** The same, with what is known of it. */
  readonly window: Window | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  /** What was let pass, by whom and why; nothing in a file of an older refit. */
  readonly waivers?: readonly Waiver[];
  /** Until when it waits before it stops the service, while it does. */
  readonly waitsUntil?: string | undefined;
}

export function summaryOf({ id, state, window }: StoredRun): RunSummary {
  const { plan, by } = state;
  const standing = standingOf(state);
  const { cause } = standing;
  return {
    run: id,
    purpose: plan.purpose,
    from: plan.from,
    to: plan.to,
    by,
    standing: standing.name,
    paused: state.paused,
    exit: standing.exit,
    windowMs: window?.readyMs,
    window,
    error: cause === undefined ? undefined : { code: cause.code, message: cause.message },
    waivers: waiversOf(state),
    waitsUntil: waitsUntil(state),
  };
}

function waitsUntil({ plan, heading, places, steps }: StoredRun['state']): string | undefined {
  const isWaiting = places.some(({ index, step }) => step.kind === 'await-window' && steps[index]?.status === 'begun');
  return isWaiting && heading === 'forward' ? factsOf(plan).options.notBefore : undefined;
}

/** What the journals of an installation say. */
export async function readState(
  { host }: Pick<Workshop, 'host'>,
  store: StorePaths,
  installation: string,
): Promise<InstallationState> {
  const runs = await readRuns(host.files, store);
  const [last] = runs;
  const committed = runs.find(({ state }) => versionLeft(state) !== undefined);
  const open = last?.state.ended === undefined ? last : undefined;
  return {
    format: 1,
    installation,
    product: last?.state.plan.product ?? '',
    version: committed === undefined ? undefined : versionLeft(committed.state),
    last: last === undefined ? undefined : summaryOf(last),
    open: open === undefined ? undefined : summaryOf(open),
    skipped: await skippedAmong(host, store, runs),
    rollback: committed === undefined ? undefined : await rollbackOf(host.files, committed),
  };
}

async function rollbackOf(files: Workshop['host']['files'], run: StoredRun): Promise<InstallationState['rollback']> {
  const { state } = run;
  const { root: directory } = keptBy(run);
  if (state.plan.purpose === 'install') return undefined;
  // A stranger may not look into the folder: then nothing is claimed.
  const there = await files.stat(generationMark({ root: directory })).catch(() => undefined);
  return there === undefined ? undefined : { version: state.plan.from, directory };
}

export async function writeState(
  workshop: Pick<Workshop, 'host'>,
  store: StorePaths,
  installation: string,
): Promise<void> {
  const state = await readState(workshop, store, installation);
  await workshop.host.files.writeAtomic(store.state, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o644 });
}
