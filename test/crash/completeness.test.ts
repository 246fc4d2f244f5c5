import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { scratch } from '../host/scratch.ts';
import type { Mutation } from '../support/mutant.ts';
import { type Coverage, coverageOf, type NamedEffect } from './coverage.ts';
import { injectionPath } from './injection.ts';
import { buildScene, NEW } from './scene.ts';
import { endProcesses, makeSlot, resetSlot, type Slot, UNIT } from './slot.ts';
import { parseStrace, straceArgv } from './strace.ts';

const run = promisify(execFile);
const slots: Slot[] = [];

afterAll(() => Promise.all(slots.map(endProcesses)));

test('every system call of an upgrade that changes the machine lies in a numbered effect', async () => {
  const { inside, children, server, outside, effects } = await upgradeUnderStrace(undefined);
  process.stderr.write(
    `mutating calls: ${inside} in ${effects} effects, ${children} in their children, ${outside.length} outside (server ${server})\n`,
  );
  expect(outside.map(({ line }) => line)).toEqual([]);
  expect(effects).toBeGreaterThan(150);
  expect(inside).toBeGreaterThan(effects);
  expect(children).toBeGreaterThan(0);
  expect(server).toBeGreaterThan(0);
});

test('changes that nobody numbered are found', async () => {
  const { outside } = await upgradeUnderStrace({
    file: 'src/host/files-change.ts',
    from: "fileEffect(effects, 'change', action, path, act)",
    to: 'act()',
  });
  expect(outside.map(({ name }) => name)).toContain('rename');
});

/** The whole of it: the command that was typed, its worker, and their children. */
async function upgradeUnderStrace(mutation: Mutation | undefined): Promise<Coverage & { readonly effects: number }> {
  const directory = scratch();
  const slot = await makeSlot(await buildScene(directory, mutation), 'slot');
  slots.push(slot);
  const container = await resetSlot(slot);
  const log = path.join(directory, 'strace.log');
  const tracePath = path.join(directory, 'effects.ndjson');
  const injection = { tracePath, markers: true };
  fs.mkdirSync(slot.stateDirectory, { recursive: true });
  fs.writeFileSync(injectionPath(slot.stateDirectory, 'worker'), JSON.stringify(injection));
  const [strace, ...argv] = straceArgv(log, [process.execPath, slot.scene.program, ...upgradeWords(slot, directory)]);
  const env = { PATH: process.env['PATH'] ?? '', CRASH_INJECTION: JSON.stringify(injection) };
  // strace follows the server too, and ends when the last of all has ended.
  const traced = run(strace, argv, { env });
  await Promise.race([answered(slot), traced.then(() => answered(slot))]);
  await slot.service.stop(UNIT, { timeoutMs: 30_000 });
  const { stdout } = await traced;
  container.stop();
  expect(stdout).toContain(NEW);

  const effects = effectsIn(tracePath);
  const coverage = coverageOf(parseStrace(fs.readFileSync(log, 'utf8')), {
    effects,
    isRefit: (args) => args.includes(`"${slot.scene.program}"`) && !args.includes('"setpriv"'),
    isServer: (args) => args.includes('"refit-launch"'),
    isOfTest: ({ args }) => args.includes(tracePath),
  });
  return { ...coverage, effects: effects.length };
}

function upgradeWords({ scene, prefix, installed }: Slot, directory: string): readonly string[] {
  const token = path.join(directory, 'token');
  fs.writeFileSync(token, installed.token, { mode: 0o600 });
  const where = ['--prefix', prefix, '--profile', scene.profile, '--source', scene.releases];
  return ['upgrade', ...where, '--to', NEW, '--token-file', token, '--apply-env-edits', '--yes'];
}

function effectsIn(tracePath: string): readonly NamedEffect[] {
  const lines = fs.readFileSync(tracePath, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as NamedEffect).filter(({ label }) => label !== undefined);
}

/** Until the worker has ended: its answer is the last thing it writes. */
async function answered({ stateDirectory, workshop }: Slot): Promise<void> {
  const runs = path.join(stateDirectory, UNIT, 'runs');
  const isThere = () =>
    fs.existsSync(runs) &&
    fs
      .readdirSync(runs)
      .some((name) => fs.readdirSync(path.join(runs, name)).some((file) => file.startsWith('answer-')));
  while (!isThere()) await workshop.host.clock.sleep(50);
}
