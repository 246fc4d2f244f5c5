import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { serviceText } from '../../src/guard/unit-texts.ts';
import { bootDockmesh, type Dockmesh, type DockmeshOptions, STOPPABLE_REFIT, UPGRADE } from './support/dockmesh.ts';
import { bootHost } from './support/host.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { DISKS } from './support/power.ts';
import { NEW, releases, scratch } from './support/releases.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const releasesDir = releases();

/** A host whose guard looks every second. */
async function guarded(
  name: string,
  { startTimeout = '10s', ...options }: DockmeshOptions & { startTimeout?: string } = {},
) {
  const dockmesh = await bootDockmesh(name, options);
  const service = `service: { start_timeout: ${startTimeout}, guard_interval: 1s }`;
  dockmesh.write('/etc/refit/dockmesh.yaml', `health: { soak: 500ms, timeout: 3s }\n${service}\n`);
  return dockmesh;
}

/** refit as it is installed: bin, dist, package.json. This project's own dist may be another test's, or none. */
function built(): string {
  const [tree, out] = [scratch(), scratch()];
  for (const part of ['src', 'bin', 'scripts', 'package.json', 'LICENSE'])
    cpSync(join(PROJECT, part), join(tree, part), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(tree, 'node_modules'));
  execFileSync(process.execPath, [join(tree, 'scripts/build.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(tree, part), join(out, part), { recursive: true });
  return out;
}

function killWorker({ host }: Dockmesh): void {
  host.must(['systemctl', 'kill', '-s', 'KILL', 'refit-dockmesh']);
}

function lastRecord(dockmesh: Dockmesh): Record<string, unknown> {
  return JSON.parse(dockmesh.host.must(['tail', '-n1', `${dockmesh.runDirectory()}/journal.jsonl`]));
}

/** Waits until the run has its end, with nobody typing anything, and its worker is gone. */
async function untilEnded(dockmesh: Dockmesh): Promise<unknown> {
  const { host } = dockmesh;
  for (let patience = 600; patience > 0; patience--) {
    const { type, outcome } = lastRecord(dockmesh);
    const { stdout } = host.exec(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'refit-*']);
    if (type === 'run.end' && stdout === '') return outcome;
    await delay(100);
  }
  throw new Error(`the run did not end: ${JSON.stringify(lastRecord(dockmesh))}`);
}

/** What the run is on record as. */
const recorded = ({ host }: Dockmesh): unknown =>
  (JSON.parse(host.must(['cat', '/var/lib/refit/dockmesh/state.json'])) as { last: unknown }).last;

function expectNothingLeft({ host }: Dockmesh): void {
  expect(host.must(['find', '/etc/systemd/system', '-name', '*refit*'])).toBe('');
  expect(host.must(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'refit-*'])).toBe('');
}

/** Looks the guard has taken, by its starts of the worker. */
const looks = ({ host }: Dockmesh): number =>
  host
    .must(['journalctl', '-u', 'refit-guard-dockmesh.service', '-o', 'cat'])
    .split('\n')
    .filter((line) => line.startsWith('Finished')).length;

test.each([
  ['step.end arm-window', 9],
  ['step.end stop', 9],
  ['step.begin swap-files', 9],
  ['step.end start', 9],
  ['hop.commit', 9],
  // It has happened; what is left is to go away.
  ['run.end', 0],
] as const)('the worker killed at %s, nobody types anything: the new version', async (point, exit) => {
  await using dockmesh = await guarded('guard-kill');
  const before = look(dockmesh);
  const { viewer } = await dockmesh.stopAt(point, UPGRADE(dockmesh.source));
  killWorker(dockmesh);
  expect((await viewer).exitCode).toBe(exit);
  expect(await untilEnded(dockmesh)).toBe('committed');
  await expectNew(dockmesh, { releasesDir, before });
  expectNothingLeft(dockmesh);
});

test.each(['step.end arm-window', 'step.end stop', 'step.end swap-files', 'step.end start'])(
  'a reboot at %s, nobody logs in: the new version',
  async (point) => {
    await using dockmesh = await guarded('guard-reboot');
    const before = look(dockmesh);
    await dockmesh.stopAt(point, UPGRADE(dockmesh.source));
    await dockmesh.host.reboot();
    expect(await untilEnded(dockmesh)).toBe('committed');
    await expectNew(dockmesh, { releasesDir, before });
    expectNothingLeft(dockmesh);
  },
);

test('the power lost in the window, nobody logs in: the new version', async () => {
  const directories = [...DISKS.state, ...DISKS.data, ...DISKS.binaries, ...DISKS.units];
  await using dockmesh = await guarded('guard-power', { disk: { megabytes: 512, directories } });
  const { host } = dockmesh;
  const before = look(dockmesh);
  host.must(['sync', '--file-system', ...directories]);
  await dockmesh.stopAt('step.end stop', UPGRADE(dockmesh.source));
  await host.powerLoss();
  expect(await untilEnded(dockmesh)).toBe('committed');
  await expectNew(dockmesh, { releasesDir, before });
  expectNothingLeft(dockmesh);
});

test('a new version that cannot start, its worker killed: the old one, and that is on record', async () => {
  const broken = releases({ [NEW]: 'boot' });
  await using dockmesh = await guarded('guard-broken', { releasesDir: broken });
  const before = look(dockmesh);
  await dockmesh.stopAt('step.begin start', UPGRADE(dockmesh.source));
  killWorker(dockmesh);
  expect(await untilEnded(dockmesh)).toBe('restored');
  await expectOld(dockmesh, { releasesDir: broken, before });
  expect(recorded(dockmesh)).toMatchObject({ standing: 'restored', exit: 7, error: { code: 'E_SERVICE_START' } });
  expectNothingLeft(dockmesh);
});

test('the new version fails and its worker is killed on the way back; so is the one that the guard started: the old one', async () => {
  const broken = releases({ [NEW]: 'health' });
  await using dockmesh = await guarded('guard-again', { releasesDir: broken });
  const { host } = dockmesh;
  const before = look(dockmesh);
  await dockmesh.stopAt('undo.end start', UPGRADE(dockmesh.source));
  for (const _ of [1, 2]) {
    killWorker(dockmesh);
    while (host.exec(['systemctl', 'is-active', '--quiet', 'refit-dockmesh']).exitCode !== 0) await delay(5);
  }
  killWorker(dockmesh);
  expect(await untilEnded(dockmesh)).toBe('restored');
  await expectOld(dockmesh, { releasesDir: broken, before });
  expectNothingLeft(dockmesh);
});

test('refit itself taken away while its worker is dead: its copy finishes', async () => {
  await using dockmesh = await guarded('guard-copy');
  const { host, installed } = dockmesh;
  host.copyIn(built(), '/srv/stick');
  host.must(['sh', '-c', `echo DOCKMESH_DRAIN_MS=3000 >> ${installed.envFile} && systemctl restart ${installed.unit}`]);
  await dockmesh.untilAnswers();
  const before = look(dockmesh);
  const viewer = dockmesh.refit(UPGRADE(dockmesh.source), '/srv/stick/bin/refit.js');
  while (!existsSync(`${host.root()}/var/lib/refit/dockmesh/window`)) await delay(5);
  while (host.must(['systemctl', 'show', '-P', 'ActiveState', installed.unit]) !== 'deactivating') await delay(5);
  killWorker(dockmesh);
  expect((await viewer).exitCode).toBe(9);
  rmSync(`${host.root()}/srv/stick`, { recursive: true });
  expect(await untilEnded(dockmesh)).toBe('committed');
  await expectNew(dockmesh, { releasesDir, before });
  expectNothingLeft(dockmesh);
  expect(host.must(['ls', '/usr/local/lib/refit'])).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['deleted', true, 'rm refit-guard-* */refit-guard-*'],
  ['deleted', false, 'rm refit-guard-* */refit-guard-*'],
  ['edited to nothing', true, 'for file in refit-guard-*; do : > "$file"; done'],
  ['edited to do something else', false, 'sed -i "s|^ExecStart=.*|ExecStart=/bin/false|" refit-guard-*'],
  ['masked', true, 'for file in refit-guard-*; do ln -sf /dev/null "$file"; done'],
] as const)('the guard %s by hand in the window, manager told: %s: the run ends', async (_what, told, script) => {
  await using dockmesh = await guarded('guard-gone');
  const before = look(dockmesh);
  const { viewer } = await dockmesh.stopAt('step.end swap-files', UPGRADE(dockmesh.source));
  dockmesh.host.must(['sh', '-ec', `cd /etc/systemd/system; ${script}`]);
  if (told) dockmesh.host.must(['systemctl', 'daemon-reload']);
  dockmesh.goOn();
  expect(await viewer).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
  expectNothingLeft(dockmesh);
});

test('the guard edited by hand and the worker killed: nothing else starts the service, and one command ends it', async () => {
  await using dockmesh = await guarded('guard-edited');
  const { host, installed } = dockmesh;
  const before = look(dockmesh);
  const { viewer } = await dockmesh.stopAt('step.end swap-files', UPGRADE(dockmesh.source));
  host.must(['sh', '-ec', 'cd /etc/systemd/system; sed -i "s|^ExecStart=.*|ExecStart=/bin/false|" refit-guard-*']);
  host.must(['systemctl', 'daemon-reload']);
  killWorker(dockmesh);
  expect((await viewer).exitCode).toBe(9);
  expect(host.exec(['systemctl', 'start', installed.unit]).exitCode).not.toBe(0);
  expect(await dockmesh.refit(['resume'])).toMatchObject({ exitCode: 0 });
  await expectNew(dockmesh, { releasesDir, before });
  expectNothingLeft(dockmesh);
});

test('a swap that was typed is left alone until the person goes on', async () => {
  await using dockmesh = await guarded('guard-patient', { startTimeout: '1h' });
  const before = look(dockmesh);
  for (const stage of ['fetch', 'verify', 'backup', 'swap']) {
    const words = stage === 'fetch' ? UPGRADE(dockmesh.source).with(0, 'fetch') : [stage, '--yes'];
    expect(await dockmesh.refit(words, STOPPABLE_REFIT)).toMatchObject({ exitCode: 0 });
  }
  while (looks(dockmesh) < 3) await delay(100);
  expect(lastRecord(dockmesh)).toMatchObject({ type: 'run.pause', reason: 'asked' });
  for (const stage of ['migrate', 'verify-health']) {
    // Its guard may be looking: for that moment the run is locked.
    while ((await dockmesh.refit([stage])).exitCode === 10) await delay(100);
  }
  expect(await untilEnded(dockmesh)).toBe('committed');
  await expectNew(dockmesh, { releasesDir, before });
  expectNothingLeft(dockmesh);
});

test('a swap that was typed and left: the last line says when, and then the old version runs again', async () => {
  await using dockmesh = await guarded('guard-deadline', { startTimeout: '2s' });
  const before = look(dockmesh);
  for (const stage of ['fetch', 'verify', 'backup'])
    await dockmesh.refit(stage === 'fetch' ? UPGRADE(dockmesh.source).with(0, 'fetch') : [stage]);
  const { exitCode, stdout } = await dockmesh.refit(['swap', '--yes']);
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/down until then, and its guard goes back soon after 20\d\d-/),
  ]);
  expect(await untilEnded(dockmesh)).toBe('restored');
  await expectOld(dockmesh, { releasesDir, before });
  expect(recorded(dockmesh)).toMatchObject({ standing: 'restored', exit: 7 });
  expectNothingLeft(dockmesh);
});

test('words of any kind reach the worker as they are', async () => {
  await using host = await bootHost('guard-words');
  const words = ['a b', '100%n', '$HOME $5', 'a"b\\c', "it's; & |", 'x\ny', 'Größe', '', ';', '-x', '\\x41'];
  const argv = ['/bin/sh', '-c', 'printf "<%s>" "$@" > /run/words', 'sh', ...words] as const;
  const watch = { installation: 'a@b\\x2dc', argv, stateDirectory: '/srv/a "b" 5%', intervalMs: 1_000 };
  const unit = `refit-guard-${watch.installation}.service`;
  host.must(['tee', `/etc/systemd/system/${unit}`], { input: serviceText(watch) });
  host.must(['systemctl', 'start', '--', unit]);
  expect(host.must(['cat', '/run/words'])).toBe(words.map((word) => `<${word}>`).join(''));
  expect(host.must(['systemctl', 'show', '-P', 'RequiresMountsFor', '--', unit])).toBe('"/srv/a \\"b\\" 5%"');
});
