import fs from 'node:fs';
import { standingOf } from '../../src/engine/standing.ts';
import { goesBackToStart } from '../../src/runbook/all-or-nothing.ts';
import { type Command, type Ended, lastRun, type } from './commands.ts';
import type { Container } from './container.ts';
import type { Injection } from './injection.ts';
import { beforeCommand, problemsOf } from './invariants.ts';
import { type Point, readTrace } from './points.ts';
import type { Scenario, Step } from './scenarios.ts';
import { endProcesses, resetSlot, type Slot } from './slot.ts';
import { endOf, type Undisturbed, type Verdict } from './verdict.ts';

export async function traceOf(slot: Slot, scenario: Scenario): Promise<Undisturbed> {
  const tracePath = `${slot.prefix}.trace`;
  fs.rmSync(tracePath, { force: true });
  return inSlot(slot, async (container) => {
    await happened(slot, scenario.before);
    const before = beforeCommand(slot);
    const ended = await type(slot, scenario.command, { tracePath });
    const problems = [...(await problemsOf(slot, container, before, ended))];
    const { exit } = ended?.answer ?? {};
    if (exit !== scenario.exit) problems.push(`exit ${exit}, expected ${scenario.exit}`);
    const effects = readTrace(tracePath, slot.prefix);
    const first = scenario.from === undefined ? 0 : effects.findIndex(({ spot }) => scenario.from?.test(spot.name));
    if (first === -1) problems.push(`no effect is called ${scenario.from}`);
    const verdict = { reached: true, problems, ended: endOf(await lastRun(slot)) };
    return { effects: effects.slice(Math.max(0, first)), verdict };
  });
}

/** One point of one scenario: what is wrong after it and one more command. */
export async function runTrial(slot: Slot, scenario: Scenario, point: Point): Promise<Verdict> {
  return inSlot(slot, async (container) => {
    await happened(slot, scenario.before);
    const before = beforeCommand(slot);
    const hurt = await type(slot, scenario.command, injectionOf(point));
    if (hurt === undefined) throw new Error(`${scenario.name}: nothing to do`);
    const last = await oneCommand(slot, scenario.command, hurt);
    const problems = [
      ...(hurt.log === '' || hurt === last ? [] : [`the worker said: ${hurt.log.trim()}`]),
      ...(await problemsOf(slot, container, before, last)),
    ];
    return { reached: hurt.fired, problems, ended: endOf(await lastRun(slot)) };
  });
}

async function inSlot<T>(slot: Slot, act: (container: Container) => Promise<T>): Promise<T> {
  const container = await resetSlot(slot);
  try {
    return await act(container);
  } finally {
    container.stop();
    await endProcesses(slot);
  }
}

function injectionOf({ spot, what }: Point): Injection {
  return { spot, ...what };
}

/** Brings the slot where the scenario begins. */
async function happened(slot: Slot, steps: readonly Step[]): Promise<void> {
  for (const { command, killedAt } of steps) {
    const injection = killedAt === undefined ? undefined : killing(killedAt);
    const ended = await type(slot, command, injection);
    if (ended === undefined) throw new Error(`nothing to do for ${command.verb}`);
    if (injection === undefined ? ended.answer?.exit === 0 : ended.fired) continue;
    throw new Error(`${command.verb} ${killedAt?.name ?? ''}: ended with ${JSON.stringify(ended)}`);
  }
}

function killing({ name, nth = 1, moment }: NonNullable<Step['killedAt']>): Injection {
  return { spot: { pattern: name.source, nth }, kill: moment };
}

/** What a person types next, as the hints say. Undefined where the run had ended before its worker died: then nothing is left to do. */
async function oneCommand(slot: Slot, command: Command, hurt: Ended): Promise<Ended | undefined> {
  const run = await lastRun(slot);
  if (run?.state.ended === undefined && run !== undefined) {
    const retried = standingOf(run.state).name === 'mixed' ? 'rollback' : 'resume';
    return type(slot, { verb: retried });
  }
  // It ended on its way, and what was agreed to follow is missing yet.
  if (run !== undefined && goesBackToStart(run.state)) return type(slot, { verb: 'resume' });
  if (hurt.answer !== undefined) return hurt;
  return run?.id === hurt.run ? undefined : type(slot, command);
}
