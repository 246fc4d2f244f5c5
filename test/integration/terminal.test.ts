import { expect, test } from 'vitest';
import { KEY, onTerminal, type Terminal } from '../support/pty.ts';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { recordsOf } from './support/journal.ts';
import { expectNew, expectServing, look } from './support/outcome.ts';
import { until } from './support/processes.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const VERSIONS = [OLD, NEW];

/** `refit upgrade` on a terminal, whose worker holds still at `point`. */
async function upgradeHeldAt(
  scene: Scene,
  point: string,
): Promise<{ readonly terminal: Terminal; readonly worker: number }> {
  holdAt(scene, point);
  const words = ['upgrade', '--yes', '--to', NEW, '--source', scene.releases, '--prefix', scene.prefix];
  const terminal = onTerminal([process.execPath, HELD, ...words], { env: { ...scene.environment, TERM: 'xterm' } });
  return { terminal, worker: await heldWorker(scene, terminal.ended) };
}

const ended = (scene: Scene) =>
  until('the end of the run', () => recordsOf(scene).at(-1)?.startsWith('run.end') === true);

test('the terminal goes away: the run goes on without it', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const { terminal, worker } = await upgradeHeldAt(scene, 'step.end stop');
  terminal.hangUp();
  await terminal.ended;
  goOn(worker);
  await ended(scene);
  await until('the worker has gone', async () => (await scene.refit(['attach'])).exit === 0);
  await expectNew(scene, before);
});

test('a screen that ^S holds, and a viewer that ^Z stops, hold nothing up', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const { terminal, worker } = await upgradeHeldAt(scene, 'step.end download');
  terminal.type(KEY.stop);
  terminal.type(KEY.suspend);
  terminal.freeze();
  goOn(worker);
  await ended(scene);
  terminal.thaw();
  terminal.type(KEY.resume);
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain('sample is active (running) at v0.2.13 and answers');
  await expectNew(scene, before);
});

test('^C pauses between steps, exit 9; resume goes on', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const { terminal, worker } = await upgradeHeldAt(scene, 'step.end prove');
  terminal.type(KEY.interrupt);
  await terminal.shows('Pausing after this step');
  goOn(worker);
  expect(await terminal.ended).toBe(9);
  expect(terminal.screen()).toContain('next: refit resume goes on, refit rollback goes back');
  expect(recordsOf(scene).at(-1)).toBe('run.pause signal');
  await expectServing(scene, before);
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
});

test('^C in the window waits until the new version answers; then it pauses', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const { terminal, worker } = await upgradeHeldAt(scene, 'step.end stop');
  terminal.type(KEY.interrupt);
  await terminal.shows('Pausing after this step');
  goOn(worker);
  expect(await terminal.ended).toBe(9);
  expect(terminal.screen()).toContain('sample is active (running) at v0.2.13 and answers');
  expect(recordsOf(scene).slice(-2)).toEqual(['step.end start', 'run.pause signal']);
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
});

test('the second ^C only leaves the view', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const { terminal, worker } = await upgradeHeldAt(scene, 'step.end stop');
  terminal.type(KEY.interrupt);
  await terminal.shows('Pausing after this step');
  terminal.type(KEY.interrupt);
  expect(await terminal.ended).toBe(9);
  expect(terminal.screen()).toContain('refit attach');
  goOn(worker);
  await until('the pause', () => recordsOf(scene).at(-1) === 'run.pause signal');
  await until('the worker has gone', async () => (await scene.refit(['resume'])).exit === 0);
  await expectNew(scene, before);
});
