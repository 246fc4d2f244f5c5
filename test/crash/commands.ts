import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Plan } from '../../src/engine/plan.ts';
import { planRollback } from '../../src/runbook/plan-rollback.ts';
import { planUpgrade } from '../../src/runbook/plan-upgrade.ts';
import { runPaths, storePaths } from '../../src/runbook/store/paths.ts';
import { listRuns, openRun, readRun, type StoredRun } from '../../src/runbook/store/runs.ts';
import { type Job, launch } from '../../src/runbook/worker/launch.ts';
import { answerPath, type WorkAnswer } from '../../src/runbook/worker/request.ts';
import { type Injection, injectionPath } from './injection.ts';
import { type Slot, UNIT, wishOf } from './slot.ts';

/** What a person types. `rollback` turns the open run, or goes back to before the last one. */
export type Command = { readonly verb: 'upgrade'; readonly to: string } | { readonly verb: 'resume' | 'rollback' };

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
  const { directory } = runPaths(storePaths(slot.stateDirectory, UNIT), run);
  const answer = readIfThere(answerPath(directory, nonce));
  return {
    run,
    answer: answer === '' ? undefined : (JSON.parse(answer) as WorkAnswer),
    fired: fs.existsSync(firedPath),
    log: `${readIfThere(path.join(directory, 'worker.log'))}${hung ? `no end within ${LIMIT_MS} ms\n` : ''}`,
  };
}

async function jobOf(slot: Slot, { verb, ...rest }: Command): Promise<Job | undefined> {
  const job = { installation: UNIT, unit: undefined, command: `refit ${verb}`, token: slot.installed.token };
  const { workshop } = slot;
  const open = await openRun(workshop.host.files, storePaths(slot.stateDirectory, UNIT));
  if (verb === 'upgrade' && 'to' in rest) return { ...job, plan: await upgradePlan(slot, rest.to) };
  if (open !== undefined)
    return { installation: UNIT, unit: undefined, command: job.command, run: open.id, turn: verb === 'rollback' };
  if (verb === 'resume') return undefined;
  return { ...job, plan: (await planRollback(workshop, wishOf(slot, ''))).plan };
}

const plans = new WeakMap<Slot, Map<string, Plan>>();

/** The same in every trial of a slot. */
async function upgradePlan(slot: Slot, to: string): Promise<Plan> {
  const known = plans.get(slot) ?? new Map<string, Plan>();
  plans.set(slot, known);
  const plan = known.get(to) ?? (await makePlan(slot, to));
  known.set(to, plan);
  return plan;
}

async function makePlan(slot: Slot, to: string): Promise<Plan> {
  const planned = await planUpgrade(slot.workshop, wishOf(slot, to));
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
