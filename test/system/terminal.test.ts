import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { KEY, onTerminal, type Terminal } from '../support/pty.ts';
import { bootDockmesh, type Dockmesh, REFIT, runIn, STOPPABLE_REFIT, UPGRADE } from './support/dockmesh.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { releases } from './support/releases.ts';

const releasesDir = releases();
const WORDS = (dockmesh: Dockmesh): readonly string[] => UPGRADE(dockmesh.source).filter((word) => word !== '--yes');

/** A command in the host on a terminal of its own, whose session it leads. */
function onHost(dockmesh: Dockmesh, argv: readonly string[]): Terminal {
  const terminal = onTerminal(dockmesh.host.argv(['setsid', '--ctty', '--wait', ...argv]));
  onTestFinished(() => terminal[Symbol.asyncDispose]());
  return terminal;
}

/** An upgrade that a person began on a terminal, its worker held still at `point`. */
async function begun(dockmesh: Dockmesh, point: string): Promise<Terminal> {
  dockmesh.armStop(point);
  const terminal = onHost(dockmesh, [process.execPath, STOPPABLE_REFIT, ...WORDS(dockmesh)]);
  await terminal.shows('[y/N]');
  terminal.type('y\r');
  await dockmesh.untilStopped(terminal.ended);
  return terminal;
}

async function untilCommitted({ host }: Dockmesh): Promise<void> {
  const look = ['grep', '-rqs', '"type":"run.end","outcome":"committed"', '/var/lib/refit/dockmesh/runs'];
  while (host.exec(look).exitCode !== 0) await delay(50);
}

test('"no" changes nothing, and without a terminal nobody is asked', async () => {
  await using dockmesh = await bootDockmesh('terminal');
  const before = look(dockmesh);
  const terminal = onHost(dockmesh, [process.execPath, REFIT, ...WORDS(dockmesh)]);
  await terminal.shows('[y/N]');
  terminal.type('n\r');
  expect(await terminal.ended).toBe(4);
  expect(await dockmesh.refit(WORDS(dockmesh))).toMatchObject({ exitCode: 2 });
  await expectOld(dockmesh, { releasesDir, before });
});

test('a terminal that hangs up takes only the view with it', async () => {
  await using dockmesh = await bootDockmesh('terminal');
  const before = look(dockmesh);
  const terminal = await begun(dockmesh, 'step.begin copy-data');
  terminal.hangUp();
  await terminal.ended;
  dockmesh.goOn();
  const attached = await dockmesh.refit(['attach']);
  expect(attached).toMatchObject({ exitCode: 0 });
  expect(attached.stdout).toContain('upgraded from v0.2.9 to v0.2.13');
  await expectNew(dockmesh, { releasesDir, before });
});

test('^C pauses between steps; resume goes on', async () => {
  await using dockmesh = await bootDockmesh('terminal');
  const before = look(dockmesh);
  const terminal = await begun(dockmesh, 'step.begin copy-live');
  terminal.type(KEY.interrupt);
  await terminal.shows('Pausing after this step');
  dockmesh.goOn();
  expect(await terminal.ended).toBe(9);
  expect(await dockmesh.status()).toBe('dockmesh.service is active (running) at v0.2.9 and answers');
  expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
});

test('^C in the window waits until the service answers; a second one leaves the view', async () => {
  await using dockmesh = await bootDockmesh('terminal');
  const before = look(dockmesh);
  const terminal = await begun(dockmesh, 'step.begin copy-data');
  terminal.type(KEY.interrupt);
  await terminal.shows('Pausing after this step');
  terminal.type(KEY.interrupt);
  expect(await terminal.ended).toBe(9);
  expect(terminal.screen()).toContain('refit attach shows it again');
  dockmesh.goOn();
  expect(await dockmesh.refit(['attach'])).toMatchObject({ exitCode: 9 });
  expect(await dockmesh.status()).toBe('dockmesh.service is active (running) at v0.2.13 and answers');
  expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
});

test('^S stops the view and not the upgrade', async () => {
  await using dockmesh = await bootDockmesh('frozen');
  const before = look(dockmesh);
  const terminal = await begun(dockmesh, 'step.begin copy-live');
  terminal.type(KEY.stop);
  terminal.freeze();
  dockmesh.goOn();
  await untilCommitted(dockmesh);
  terminal.thaw();
  terminal.type(KEY.resume);
  expect(await terminal.ended).toBe(0);
  await expectNew(dockmesh, { releasesDir, before });
});

test('^Z stops the view and not the upgrade', async () => {
  await using dockmesh = await bootDockmesh('stopped');
  const before = look(dockmesh);
  dockmesh.armStop('step.begin copy-live');
  const script = '"$@"; echo "left $?"; read -r line; fg > /dev/null; exit $?';
  const command = [process.execPath, STOPPABLE_REFIT, ...UPGRADE(dockmesh.source)];
  const terminal = onHost(dockmesh, ['bash', '-mc', script, 'bash', ...command]);
  await dockmesh.untilStopped(terminal.ended);
  terminal.type(KEY.suspend);
  await terminal.shows('left 148');
  dockmesh.goOn();
  await untilCommitted(dockmesh);
  terminal.type('\r');
  expect(await terminal.ended).toBe(0);
  await expectNew(dockmesh, { releasesDir, before });
});

test('while a worker is at it, every other command that changes the host is refused', async () => {
  await using dockmesh = await bootDockmesh('terminal');
  const before = look(dockmesh);
  const { viewer } = await dockmesh.stopAt('step.begin copy-data', UPGRADE(dockmesh.source));
  for (const words of [UPGRADE(dockmesh.source), ['resume'], ['rollback', '--yes'], ['migrate']]) {
    const { exitCode, stderr } = await dockmesh.refit(words);
    expect({ words, exitCode, attach: stderr.includes('refit attach') }).toEqual({ words, exitCode: 10, attach: true });
  }
  expect((await dockmesh.refit(['status'])).stdout).toContain('is under way: refit attach');
  dockmesh.goOn();
  expect(await viewer).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
});

test.each(['set -o pipefail; "$@" | head -0', '"$@" >&-', '"$@" > /dev/full 2>&1'])(
  'nobody reads what it prints (%s): it upgrades all the same',
  async (script) => {
    await using dockmesh = await bootDockmesh('unread');
    const before = look(dockmesh);
    const argv = ['bash', '-c', script, 'bash', process.execPath, REFIT, ...UPGRADE(dockmesh.source)];
    expect(await runIn(dockmesh.host, argv)).toMatchObject({ exitCode: 0 });
    await expectNew(dockmesh, { releasesDir, before });
  },
);
