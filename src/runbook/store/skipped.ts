import type { ErrorCode } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { Evidence } from '../../release/release.ts';
import { factsOf } from '../facts.ts';
import { presentHop } from '../hops.ts';
import { readLedger } from './ledger.ts';
import type { StorePaths } from './paths.ts';
import { readRuns, type StoredRun } from './runs.ts';
import { ulidTime } from './ulid.ts';

/** A release that failed on this installation. Ranges pass it by until somebody names it or lets it be chosen again. */
export interface Skipped {
  readonly tag: string;
  /** Of its archive for this machine, lower-case hex: the same tag with other bytes is another release. */
  readonly sha256: string | undefined;
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** What is the release's own fault. A full disk, a lost network or a crash of ours says nothing of it. */
const ITS_FAULT: readonly ErrorCode[] = ['E_SERVICE_START', 'E_MIGRATION_FAILED', 'E_HEALTH_FAILED'];

/**
 * The releases that failed and did not succeed since, oldest first. The journals say it, which no run deletes: a second
 * record could be missing after a crash between the two.
 */
export async function skippedReleases(host: Pick<Host, 'files'>, store: StorePaths): Promise<readonly Skipped[]> {
  return skippedAmong(host, store, await readRuns(host.files, store));
}

/** The same of runs that are read already, newest first. */
export async function skippedAmong(
  host: Pick<Host, 'files'>,
  store: StorePaths,
  runs: readonly StoredRun[],
): Promise<readonly Skipped[]> {
  const skipped = new Map<string, Skipped>();
  for (const run of runs.toReversed()) {
    const { plan, ended, committedHops } = run.state;
    if (ended !== undefined) for (const { to } of plan.hops.slice(0, committedHops)) skipped.delete(to);
    const failed = failedRelease(run);
    if (failed !== undefined) skipped.set(failed.tag, failed);
  }
  if (skipped.size === 0) return [];
  for (const line of await readLedger(host, store)) {
    if (line.type !== 'unskip') continue;
    const { tag, run } = line;
    if ((skipped.get(tag)?.run ?? '') <= run) skipped.delete(tag);
  }
  return [...skipped.values()];
}

/** Of several hops it is the one that went back. */
function failedRelease({ id, state: whole }: StoredRun): Skipped | undefined {
  const state = presentHop(whole);
  const { plan, ended, failures } = state;
  const [first] = failures;
  if (plan.purpose !== 'upgrade' || first === undefined || (ended !== 'restored' && ended !== 'partial'))
    return undefined;
  const { code, message } = first.failure;
  if (!ITS_FAULT.includes(code)) return undefined;
  return { tag: plan.to, sha256: digestOf(state), run: id, at: new Date(ulidTime(id)).toISOString(), code, message };
}

/** What was proven of this machine's archive, also once that step is undone. */
function digestOf({ plan, places, steps }: StoredRun['state']): string | undefined {
  const { target, installation } = factsOf(plan);
  if (target.kind !== 'release') return undefined;
  const own = target.archives.find(({ arch }) => arch === installation.arch);
  const place = places.find(({ step }) => step.kind === 'prove');
  const proven = place === undefined ? null : steps[place.index]?.output;
  if (own === undefined || proven === null || proven === undefined) return undefined;
  return (proven as unknown as Readonly<Record<string, Evidence>>)[own.asset.name]?.sha256;
}
