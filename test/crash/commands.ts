import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Plan } from '../../src/engine/plan.ts';
import { planBackToStart } from '../../src/runbook/all-or-nothing.ts';
import { planRollback } from '../../src/runbook/plan-rollback.ts';
import { planUpgrade } from '../../src/runbook/plan-upgrade.ts';
import { runPaths, storePaths } from '../../src/runbook/store/paths.ts';
import { listRuns, openRun, readRun, type StoredRun } from '../../src/runbook/store/runs.ts';
import { readToken } from '../../src/runbook/token.ts';
import { type Job, launch } from '../../src/runbook/worker/launch.ts';
import { answerPath, type WorkAnswer } from '../../src/runbook/worker/request.ts';
import { type Injection, injectionPath } from './injection.ts';
import { type Slot, UNIT, wishOf } from './slot.ts';

/** What a person types. `rollback` turns the open run, or goes back to before the last one. */
export type Command =
  | { readonly verb: 'upgrade'; readonly to: string; readonly allOrNothing?: boolean }
  | { readonly verb: 'resume' | 'rollback' };

/** How a worker's life ended. */
export interface Ended {
  readonly run: string;
  /** Absent: it died. */
  readonly answer: WorkAnswer | undefined;
  /** Whether it came to the spot of its injection. */
  readonly fired: boolean;
  /** What it said that nobody should have to read. */
  readonly log: string;
}

const LIMIT_MS = 180_000;
const POLL_MS = 3;

/** Starts a worker for the command, waits until it is gone. Undefined where there is nothing for the command to do. */
export async function type(slot: Slot, command: Command, injection?: Injection): Promise<Ended | undefined> {
  const job = await jobOf(slot, command);
  if (job === undefined) return undefined;
  const firedPath = path.join(slot.prefix, 'fired');
  const planted = injectionPath(slot.stateDirectory, 'worker');
  fs.rmSync(firedPath, { force: true });
  if (injection !== undefined) {
    fs.mkdirSync(slot.stateDirectory, { recursive: true, mode: 0o711 });
    fs.writeFileSync(planted, JSON.stringify({ prefix: slot.prefix, ...injection, firedPath }));
  }
  const { run, nonce } = await launch(slot.workshop, job);
  const hung = !(await gone(slot.worker.pid));
  fs.rmSync(planted, { force: true });
  const store = storePaths(slot.stateDirectory, UNIT);
  const { directory } = runPaths(store, run);
  const answerOf = (id: string): WorkAnswer | undefined => {
    const answer = readIfThere(answerPath(runPaths(store, id).directory, nonce));
    return answer === '' ? undefined : (JSON.parse(answer) as WorkAnswer);
  };
  const first = answerOf(run);
  // As a viewer does: the same worker went on with another run.
  const last = first?.follows ?? run;
  return {
    run: last,
    answer: answerOf(last),
    fired: fs.existsSync(firedPath),
    log: `${readIfThere(path.join(directory, 'worker.log'))}${hung ? `no end within ${LIMIT_MS} ms\n` : ''}`,
  };
}

async function jobOf(slot: Slot, { verb, ...rest }: Command): Promise<Job | undefined> {
  const job = { installation: UNIT, unit: undefined, command: `refit ${verb}`, token: slot.installed.token };
  const { workshop } = slot;
  const open = await openRun(workshop.host.files, storePaths(slot.stateDirectory, UNIT));
  if (verb === 'upgrade' && 'to' in rest) return { ...job, plan: await upgradePlan(slot, rest.to, rest.allOrNothing) };
  if (open !== undefined)
    return { installation: UNIT, unit: undefined, command: job.command, run: open.id, turn: verb === 'rollback' };
  if (verb === 'resume') {
    const failed = await lastRun(slot);
    const token = failed === undefined ? undefined : await readToken(workshop.host.files, failed.paths);
    const back = failed === undefined ? undefined : planBackToStart(failed, token !== undefined);
    return back === undefined ? undefined : { ...job, plan: back, token };
  }
  return { ...job, plan: (await planRollback(workshop, wishOf(slot, ''))).plan };
}

const plans = new WeakMap<Slot, Map<string, Plan>>();

/** The same in every trial of a slot. */
async function upgradePlan(slot: Slot, to: string, allOrNothing = false): Promise<Plan> {
  const known = plans.get(slot) ?? new Map<string, Plan>();
  plans.set(slot, known);
  const key = `${to} ${allOrNothing}`;
  const plan = known.get(key) ?? (await makePlan(slot, to, allOrNothing));
  known.set(key, plan);
  return plan;
}

async function makePlan(slot: Slot, to: string, allOrNothing: boolean): Promise<Plan> {
  const planned = await planUpgrade(slot.workshop, { ...wishOf(slot, to), allOrNothing });
  if ('nothingToDo' in planned) throw new Error(`${slot.prefix} is at ${to} already`);
  return planned.plan;
}

/** Waits for a process to end. One that does not is ended, and false. */
async function gone(pid: number): Promise<boolean> {
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await delay(POLL_MS)) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
  }
  process.kill(pid, 'SIGKILL');
  return false;
}

export function readIfThere(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** The newest run with a record in its journal. */
export async function lastRun({ workshop, stateDirectory }: Slot): Promise<StoredRun | undefined> {
  const store = storePaths(stateDirectory, UNIT);
  for (const id of await listRuns(workshop.host.files, store)) {
    const run = await readRun(workshop.host.files, store, id);
    if (run !== undefined) return run;
  }
  return undefined;
}
