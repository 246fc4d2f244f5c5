import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh, REFIT, UPGRADE } from './support/dockmesh.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { releases } from './support/releases.ts';

const releasesDir = releases();
const DOWN = 'dockmesh.service is inactive (dead) at v0.2.9 and does not answer';

const activity = ({ host, installed }: Dockmesh): string =>
  host.must(['systemctl', 'show', '-P', 'ActiveState', installed.unit]);

/** What the journal of the newest run ends with. */
function lastRecord(dockmesh: Dockmesh): Record<string, unknown> {
  const text = dockmesh.host.must(['cat', `${dockmesh.runDirectory()}/journal.jsonl`]);
  return JSON.parse(text.split('\n').at(-1) ?? '') as Record<string, unknown>;
}

const KILLS = [
  ['step.begin stop', 'dockmesh.service is active (running) at v0.2.9 and answers'],
  ['step.begin swap-files', DOWN],
  ['step.end swap-files', 'dockmesh.service is inactive (dead) at v0.2.13 and does not answer'],
  ['step.begin verify-health', 'dockmesh.service is active (running) at v0.2.13 and answers'],
] as const;

test.each(KILLS)(
  'the worker killed at %s: status says so, resume finishes, a later one goes back',
  async (point, status) => {
    await using dockmesh = await bootDockmesh('killed');
    const { host } = dockmesh;
    const before = look(dockmesh);
    const kill = async (): Promise<void> => {
      const { viewer } = await dockmesh.stopAt(point, UPGRADE(dockmesh.source));
      host.must(['systemctl', 'kill', '-s', 'KILL', 'refit-dockmesh']);
      expect((await viewer).exitCode).toBe(9);
      expect(await dockmesh.status()).toBe(status);
    };
    await kill();
    expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
    await expectOld(dockmesh, { releasesDir, before });
    await kill();
    expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
    await expectNew(dockmesh, { releasesDir, before });
  },
);

test('a worker killed on the way back: resume goes on back', async () => {
  const broken = releases({ 'v0.2.13': 'boot' });
  await using dockmesh = await bootDockmesh('back', { releasesDir: broken });
  const before = look(dockmesh);
  for (const point of ['undo.end start', 'rename /usr/local/bin/dockmesh', 'undo.end copy-data']) {
    const { viewer } = await dockmesh.stopAt(point, point.includes('start') ? UPGRADE(dockmesh.source) : ['resume']);
    dockmesh.host.must(['systemctl', 'kill', '-s', 'KILL', 'refit-dockmesh']);
    expect((await viewer).exitCode).toBe(9);
    expect(activity(dockmesh)).toBe('inactive');
  }
  expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 7 });
  await expectOld(dockmesh, { releasesDir: broken, before });
});

test.each(['step.end stop', 'step.end swap-files'])(
  'a reboot at %s: nothing is started, resume finishes',
  async (point) => {
    await using dockmesh = await bootDockmesh('reboot');
    const before = look(dockmesh);
    await dockmesh.stopAt(point, UPGRADE(dockmesh.source));
    await dockmesh.host.reboot();
    expect(activity(dockmesh)).toBe('inactive');
    expect(dockmesh.answers()).toBeUndefined();
    expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
    await expectNew(dockmesh, { releasesDir, before });
  },
);

test.each(['step.end start', 'hop.commit'])(
  'a reboot at %s: the new version is started, resume finishes',
  async (point) => {
    await using dockmesh = await bootDockmesh('started');
    const before = look(dockmesh);
    await dockmesh.stopAt(point, UPGRADE(dockmesh.source));
    await dockmesh.host.reboot();
    expect(await dockmesh.untilAnswers()).toBe('v0.2.13');
    expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
    await expectNew(dockmesh, { releasesDir, before });
  },
);

test('an orderly restart while the new version is watched: paused, and not blamed on the release', async () => {
  await using dockmesh = await bootDockmesh('orderly');
  const before = look(dockmesh);
  dockmesh.write('/etc/refit/dockmesh.yaml', 'health: { soak: 60s }\nservice: { guard_interval: 1h }\n');
  startInside(dockmesh);
  await untilNoted(dockmesh, 'watching it for');
  await dockmesh.host.restart();
  expect(lastRecord(dockmesh)).toMatchObject({ type: 'run.pause', reason: 'shutdown' });
  expect(await dockmesh.untilAnswers()).toBe('v0.2.13');
  const resumed = dockmesh.refit(['resume']);
  await untilNoted(dockmesh, 'watching it for', 2);
  // The soak is in the plan, and no minute of a test's time says more than its begin.
  dockmesh.host.must(['systemctl', 'kill', '-s', 'INT', 'refit-dockmesh']);
  expect(await resumed).toMatchObject({ exitCode: 9 });
  expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
  await expectOld(dockmesh, { releasesDir, before });
});

test('an orderly restart while the old version drains: paused in the window, resume finishes', async () => {
  await using dockmesh = await bootDockmesh('draining');
  const { host, installed } = dockmesh;
  host.must(['sh', '-c', `echo DOCKMESH_DRAIN_MS=3000 >> ${installed.envFile} && systemctl restart ${installed.unit}`]);
  await dockmesh.untilAnswers();
  const before = look(dockmesh);
  startInside(dockmesh);
  while (!existsSync(`${host.root()}/var/lib/refit/dockmesh/window`)) await delay(5);
  while (activity(dockmesh) !== 'deactivating') await delay(5);
  await host.restart();
  expect(lastRecord(dockmesh)).toMatchObject({ type: 'run.pause', reason: 'shutdown' });
  expect(activity(dockmesh)).toBe('inactive');
  expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
});

test('in the window neither a stranger nor Restart= starts the service', async () => {
  await using dockmesh = await bootDockmesh('stranger', { restartSec: '100ms' });
  const { host, installed } = dockmesh;
  const before = look(dockmesh);
  const { viewer } = await dockmesh.stopAt('step.end arm-window', UPGRADE(dockmesh.source));
  host.must(['systemctl', 'kill', '-s', 'KILL', installed.unit]);
  while (!host.must(['journalctl', '-u', installed.unit, '-o', 'cat']).includes('Assertion failed')) await delay(20);
  const { exitCode, stderr } = host.exec(['systemctl', 'start', installed.unit]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Assertion failed') });
  expect(['inactive', 'failed']).toContain(activity(dockmesh));
  dockmesh.goOn();
  expect(await viewer).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
});

/** An upgrade whose viewer is the host's own: a shutdown stops every process for a moment, and `nsenter` then stops for ever. */
function startInside({ host, source }: Dockmesh): void {
  host.must(['systemd-run', '--quiet', '--unit=viewer', process.execPath, REFIT, ...UPGRADE(source)]);
}

async function untilNoted(dockmesh: Dockmesh, text: string, times = 1): Promise<void> {
  while (!existsSync(`${dockmesh.host.root()}/var/lib/refit/dockmesh/runs`)) await delay(20);
  for (;;) {
    const file = `${dockmesh.runDirectory()}/events.ndjson`;
    const { stdout } = dockmesh.host.exec(['grep', '-c', text, file]);
    if (Number(stdout) >= times) return;
    await delay(20);
  }
}
