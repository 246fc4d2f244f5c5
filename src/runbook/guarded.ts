import { posix } from 'node:path';
import { CRASH_LIMIT } from '../engine/decide.ts';
import type { RunState } from '../engine/replay.ts';
import type { Argv } from '../host/commands.ts';
import type { Files } from '../host/files.ts';
import { factsOf } from './facts.ts';
import { roomsOf } from './find.ts';
import { hasBegun, outputOf } from './outputs.ts';
import { startDeadline } from './start-deadline.ts';
import { workerCommand } from './worker/worker-unit.ts';
import type { Workshop } from './workshop.ts';
import type { World } from './world.ts';

/** What the arming of the window returned: how long it may stay, and who looks after it. In the journal, as every output. */
export type Guarded = {
  /** Steady time at which the window was armed, and the boot whose clock that is. */
  readonly armedAtMs: number;
  readonly boot: string;
  /** How long a person's pause may keep the service down: the profile's start, health and soak times. */
  readonly allowedMs: number;
  /** The same for people, by the wall clock. */
  readonly until: string;
  /** What finishes the run: its own copy of refit, or why there is none. */
  readonly program: Argv;
  readonly copied: boolean;
  readonly reason: string | null;
};

/** Copies refit aside and lets the host's own manager look after this run. Null where nobody can. */
export async function armGuard(world: World): Promise<Guarded | null> {
  const { host, facts, guard, run, store } = world;
  const { profile, installation } = facts;
  if (profile.service.manager !== 'systemd') return null;
  const { name, unit } = installation;
  const { argv, copied, reason } = await guard.copySelf(name);
  const stateDirectory = posix.dirname(store.root);
  await guard.arm({
    installation: name,
    argv: workerCommand({ installation: name, unit }, [...argv, 'guard', stateDirectory, name], '--no-block'),
    stateDirectory: store.root,
    intervalMs: profile.service.guard_interval,
  });
  const { timeout, soak } = profile.health;
  const allowedMs = startDeadline(world) + timeout + soak;
  return {
    armedAtMs: host.clock.monotonic(),
    boot: run.boot,
    allowedMs,
    until: new Date(host.clock.now().getTime() + allowedMs).toISOString(),
    program: argv,
    copied,
    reason: reason ?? null,
  };
}

/** Undefined where no guard was armed, or its arming was undone. */
export function guardedOf(state: RunState): Guarded | undefined {
  const armed = outputOf(state, 'arm-window') as Partial<Guarded> | null | undefined;
  // Where nobody guards, there may still be what was waived.
  return armed?.armedAtMs === undefined ? undefined : (armed as Guarded);
}

/**
 * Whether a pause may not last longer. The steady clock begins anew with each boot: what went before it is forgiven. Each
 * pause for something outside lets the run have as long again.
 */
export function isOverdue(
  { armedAtMs, boot, allowedMs }: Guarded,
  now: { boot: string; ms: number },
  pauses: number,
): boolean {
  return now.ms >= (boot === now.boot ? armedAtMs : 0) + allowedMs * (1 + pauses);
}

/** When, by the wall clock, the guard judges again what the run paused for; undefined where only a person will. */
export function nextLook(state: RunState): string | undefined {
  const guarded = guardedOf(state);
  const pauses = externalPauses(state);
  if (guarded === undefined || state.paused !== 'external' || pauses >= CRASH_LIMIT) return undefined;
  return new Date(Date.parse(guarded.until) + pauses * guarded.allowedMs).toISOString();
}

/** How often the run has been judged, and that was no verdict. */
export function externalPauses({ stepPauses }: Pick<RunState, 'stepPauses'>): number {
  return stepPauses.filter(({ reason }) => reason === 'external').length;
}

/**
 * The copy of refit that began this run goes on with it: another one may have been installed meanwhile. Undefined where it has
 * none, or no longer.
 */
export async function programOf(files: Files, state: RunState): Promise<Argv | undefined> {
  const guarded = guardedOf(state);
  if (guarded?.copied !== true) return undefined;
  return (await files.stat(guarded.program[0])) === undefined ? undefined : guarded.program;
}

/**
 * After the run's end is in its journal, and not as a step's last act: a worker killed before that end must find a guard. One
 * that is killed here is missed by nobody: a guard that finds no open run goes by itself.
 */
export async function dismissGuard(workshop: Workshop, state: RunState): Promise<void> {
  if (!hasBegun(state, 'arm-window')) return;
  const { profile, installation } = factsOf(state.plan);
  const { guard } = roomsOf(workshop, profile, installation);
  await guard.disarm(installation.name);
  await guard.pruneCopies(guardedOf(state)?.program[0] ?? '');
}
