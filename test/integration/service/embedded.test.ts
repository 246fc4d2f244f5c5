import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../../src/host/node-host.ts';
import { embeddedManager } from '../../../src/service/embedded.ts';
import { active, GOOD, type Rig, seen, serviceContract } from '../../service/service.contract.ts';

const UNIT = 'sample';
const STOP = { timeoutMs: 12_000 };

async function embeddedRig(environment: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin' }): Promise<Rig> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'refit-service-')));
  const runDirectory = join(home, 'run');
  mkdirSync(runDirectory);
  const executable = join(home, 'server');
  writeFileSync(executable, GOOD, { mode: 0o755 });
  const make = () =>
    embeddedManager(nodeHost(plainEffects, readIdentity()), {
      unit: UNIT,
      argv: [executable, 'an argument'],
      environment: async () => environment,
      environmentFiles: [{ path: join(home, 'env'), optional: false }],
      workingDirectory: home,
      runDirectory,
      logPath: join(home, 'log'),
      stopTimeoutMs: 2000,
    });
  const manager = make();
  const byHand = new Set<ReturnType<typeof spawn>>();
  return {
    manager,
    unit: UNIT,
    hold: { unit: UNIT, marker: join(home, 'window'), stateDirectory: home },
    executable,
    behave: (script) => writeFileSync(executable, script),
    startByStranger: () =>
      make()
        .start(UNIT, undefined)
        .catch(() => undefined),
    async runByHand([program, ...args]) {
      const child = spawn(program, args, { stdio: 'ignore' });
      byHand.add(child);
      return child.pid ?? -1;
    },
    traces: () =>
      readdirSync(home, { recursive: true })
        .map(String)
        .filter((path) => !/log$|lock$/.test(path)),
    async [Symbol.asyncDispose]() {
      for (const child of byHand) child.kill('SIGKILL');
      await manager.stop(UNIT, STOP);
      rmSync(home, { recursive: true });
    },
  };
}

async function rigForTest(environment?: Readonly<Record<string, string>>): Promise<Rig> {
  const rig = await embeddedRig(environment);
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return rig;
}

serviceContract('embedded', embeddedRig);

describe('without systemd', () => {
  test('a server that ended by itself has failed, and can be started again', async () => {
    const rig = await rigForTest();
    rig.behave('#!/bin/sh\nexit 3\n');
    await rig.manager.start(UNIT, undefined);
    await seen(rig, ({ activity }) => activity === 'failed');
    rig.behave(GOOD);
    await rig.manager.start(UNIT, undefined);
    await active(rig);
  });

  test('two starts at once make one server', async () => {
    const rig = await rigForTest();
    await Promise.allSettled([rig.manager.start(UNIT, undefined), rig.manager.start(UNIT, undefined)]);
    const { pid } = await active(rig);
    const { remaining } = await rig.manager.stop(UNIT, STOP);
    expect({ pid: typeof pid, remaining }).toEqual({ pid: 'number', remaining: [] });
    expect((await rig.manager.state(UNIT)).activity).toBe('inactive');
  });

  test('a pid file that names a living stranger is not believed', async () => {
    const rig = await rigForTest();
    const pidFile = join(rig.hold.stateDirectory, 'run/sample.pid');
    const { pid } = process;
    const startTime = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
    writeFileSync(pidFile, `${pid}\n${startTime}\n`);
    expect((await rig.manager.state(UNIT)).activity).toBe('failed');
    expect((await rig.manager.stop(UNIT, STOP)).state.activity).toBe('inactive');
    expect(existsSync(pidFile)).toBe(false);
  });

  test('a server whose pid file is gone is not started twice, and not taken for stopped', async () => {
    const rig = await rigForTest();
    await rig.manager.start(UNIT, undefined);
    const { pid } = await active(rig);
    const pidFile = join(rig.hold.stateDirectory, 'run/sample.pid');
    const text = readFileSync(pidFile);
    unlinkSync(pidFile);
    expect(await rig.manager.state(UNIT)).toMatchObject({ activity: 'activating', detail: 'locked' });
    await expect(rig.manager.start(UNIT, undefined)).rejects.toMatchObject({ code: 'E_SERVICE_START' });
    await expect(rig.manager.stop(UNIT, STOP)).rejects.toMatchObject({ code: 'E_SERVICE_STOP' });
    writeFileSync(pidFile, text);
    expect((await rig.manager.state(UNIT)).pid).toBe(pid);
  });

  test('what the server started ends with it', async () => {
    const rig = await rigForTest();
    rig.behave('#!/bin/sh\nsleep 1000 &\necho $! > child\nexec sleep 1000\n');
    await rig.manager.start(UNIT, undefined);
    const childFile = join(rig.hold.stateDirectory, 'child');
    await seen(rig, () => existsSync(childFile) && readFileSync(childFile, 'utf8') !== '');
    const child = readFileSync(childFile, 'utf8').trim();
    expect(existsSync(`/proc/${child}`)).toBe(true);
    await rig.manager.stop(UNIT, STOP);
    await seen(rig, () => !existsSync(`/proc/${child}`));
    expect((await rig.manager.state(UNIT)).activity).toBe('inactive');
  });

  test('the server gets its own environment and nothing of ours, and needs no PATH in it', async () => {
    const rig = await rigForTest({ ONLY: 'a "b" $c' });
    rig.behave('#!/bin/sh\nexec /usr/bin/env\n');
    await rig.manager.start(UNIT, undefined);
    await seen(rig, ({ activity }) => activity === 'failed');
    const lines = (await rig.manager.logsSince(UNIT, '', { maxLines: 20 })).filter(
      (line) => !/^(PWD|SHLVL|_)=/.test(line),
    );
    expect(lines).toEqual(['ONLY=a "b" $c']);
  });
});
