import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Failing } from './support/failing.ts';
import { recordsOf } from './support/journal.ts';
import { dataOf, exactly, withOddities } from './support/oddities.ts';
import { expectOld, expectUntouched, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const FAILING = path.join(import.meta.dirname, 'support/failing.ts');

/** Of an upgrade, the steps of which something follows that can be undone. */
const STEPS = [
  ...['download', 'prove', 'unpack', 'learn-schema', 'baseline', 'copy-live', 'snapshot', 'rehearse', 'hot-copy'],
  ...['arm-window', 'stop', 'copy-data', 'swap-files', 'start', 'prove-schema'],
] as const;
const DOWN_FROM = STEPS.indexOf('arm-window');

async function planned(scene: Scene): Promise<readonly string[]> {
  const { stdout } = await scene.refit(['plan', '--to', NEW, '--source', scene.releases, '-o', 'json']);
  const { stages } = JSON.parse(stdout) as { stages: readonly { steps: readonly { kind: string }[] }[] };
  return stages.flatMap(({ steps }) => steps.map(({ kind }) => kind));
}

/** Upgrades, and the disk fails once at what comes after that step. */
async function failAfter(scene: Scene, step: string, container: string) {
  const wish: Failing = { after: `step.end ${step}`, appendTo: container };
  fs.writeFileSync(path.join(scene.directory, 'fail-after'), JSON.stringify(wish));
  const outcome = await scene.upgrade(['--to', NEW], { entry: FAILING });
  const failed = path.join(scene.directory, 'failed-after');
  expect(fs.existsSync(failed), `after ${step}: ${outcome.stdout}${outcome.stderr}`).toBe(true);
  fs.rmSync(failed);
  return outcome;
}

test('a failure after any step: every byte, mode, owner, time, attribute, link and hole is as before, and every row', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  await withOddities(scene);
  const { containerFile } = scene.installed;
  const steps = await planned(scene);
  expect(steps.slice(0, steps.indexOf('verify-health'))).toEqual(STEPS);
  const before = await look(scene);
  const odd = exactly(dataOf(scene));
  const written = fs.readFileSync(containerFile, 'utf8');
  for (const [index, step] of STEPS.entries()) {
    const pid = (await look(scene)).pid;
    const { exit, stdout } = await failAfter(scene, step, containerFile);
    const ended = { step, exit, last: recordsOf(scene).at(-1) };
    expect(ended, stdout).toEqual({ step, exit: index >= DOWN_FROM ? 7 : 4, last: 'run.end restored' });
    expect(fs.readFileSync(containerFile, 'utf8')).toBe(`${written}meanwhile\n`);
    fs.writeFileSync(containerFile, written);
    await (index >= DOWN_FROM ? expectOld(scene, before) : expectUntouched(scene, { ...before, pid }));
    expect({ step, odd: exactly(dataOf(scene)) }).toEqual({ step, odd });
  }
});
