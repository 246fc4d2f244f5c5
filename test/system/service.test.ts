import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceState } from '../../src/service/service.ts';
import { active, GOOD, logged, type Rig, seen, serviceContract } from '../service/service.contract.ts';
import { bootHost, type LabHost } from './support/host.ts';
import { type RemoteManager, remoteManager } from './support/remote-manager.ts';

const UNIT = 'contract.service';
const EXECUTABLE = '/opt/contract/server';
const DROP_INS = `/etc/systemd/system/${UNIT}.d`;
const STATE = '/var/lib/re fit';
const HOLD = { unit: UNIT, marker: `${STATE}/100% held`, stateDirectory: STATE };
const STOP = { timeoutMs: 12_000 };

const UNIT_TEXT = `[Unit]
Description=What the tests do anything to
[Service]
ExecStart=${EXECUTABLE} "an argument"
Environment="WORDS=two words" PLAIN=1
EnvironmentFile=-/etc/contract.env
EnvironmentFile=/dev/null
WorkingDirectory=-/opt/contract
TimeoutStopSec=2
Restart=on-failure
RestartSec=100ms
[Install]
WantedBy=multi-user.target
Alias=other-name.service
`;

interface SystemdRig extends Rig {
  readonly host: LabHost;
  readonly manager: RemoteManager;
  /** A boot ends what makes the calls in the host. */
  reboot(): Promise<void>;
  /** Writes a file in the host. */
  write(path: string, text: string): void;
}

async function systemdRig(name: string): Promise<SystemdRig> {
  const host = await bootHost(name);
  const write = (path: string, text: string): void => writeFileSync(`${host.root()}${path}`, text);
  mkdirSync(`${host.root()}/opt/contract`);
  mkdirSync(`${host.root()}${STATE}`);
  write(EXECUTABLE, GOOD);
  chmodSync(`${host.root()}${EXECUTABLE}`, 0o755);
  write(`/etc/systemd/system/${UNIT}`, UNIT_TEXT);
  host.must(['systemctl', 'daemon-reload']);
  host.must(['systemctl', 'enable', UNIT]);
  let manager = remoteManager(host);
  return {
    host,
    get manager() {
      return manager;
    },
    async reboot() {
      await manager[Symbol.asyncDispose]();
      await host.reboot();
      manager = remoteManager(host);
    },
    unit: UNIT,
    hold: HOLD,
    executable: EXECUTABLE,
    write,
    behave: (script) => write(EXECUTABLE, script),
    startByStranger: async () => void host.exec(['systemctl', 'start', UNIT]),
    async runByHand(argv) {
      const pid = host.must(['sh', '-c', '"$@" > /dev/null 2>&1 & echo $!', 'sh', ...argv]);
      return Number(pid);
    },
    traces: () => {
      const dropIns = `${host.root()}${DROP_INS}`;
      const state = readdirSync(`${host.root()}${STATE}`);
      return existsSync(dropIns) ? [...state, DROP_INS, ...readdirSync(dropIns)] : state;
    },
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

serviceContract('systemd', () => systemdRig('contract'));

describe('with systemd', () => {
  let rig: SystemdRig;
  const { stop, start, armHold, state } = {
    stop: () => rig.manager.stop(UNIT, STOP),
    start: () => rig.manager.start(UNIT, HOLD),
    armHold: () => rig.manager.armHold(HOLD),
    state: () => rig.manager.state(UNIT),
  };
  const systemctl = (...words: readonly string[]) => rig.host.must(['systemctl', ...words]);
  beforeAll(async () => {
    rig = await systemdRig('systemd');
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  beforeEach(async () => {
    await stop();
    await rig.manager.releaseHold(HOLD);
    rig.behave(GOOD);
  });

  const settled = async (): Promise<ServiceState> => {
    await seen(rig, ({ activity }) => activity === 'failed' || activity === 'inactive');
    return state();
  };

  test('reads a unit as its vendor and its admin wrote it', async () => {
    const facts = await rig.manager.inspect('other-name.service');
    expect(facts).toMatchObject({
      unit: UNIT,
      unitFileState: 'enabled',
      fragmentPath: `/etc/systemd/system/${UNIT}`,
      execArguments: ['an argument'],
      user: '',
      environment: { WORDS: 'two words', PLAIN: '1' },
      environmentFiles: [
        { path: '/etc/contract.env', optional: true },
        { path: '/dev/null', optional: false },
      ],
      workingDirectory: '/opt/contract',
      restart: 'on-failure',
      type: 'simple',
    });
    expect(facts?.rootDirectory).toBeUndefined();
    rig.write(`/etc/systemd/system/${UNIT}`, `${UNIT_TEXT}# changed\n`);
    systemctl('set-property', '--runtime', UNIT, 'TasksMax=100');
    rig.write(`/etc/systemd/system/${UNIT}`, `${UNIT_TEXT}# changed again\n`);
    expect(await rig.manager.inspect(UNIT)).toMatchObject({ needDaemonReload: true });
    await rig.manager.reload();
    expect(await rig.manager.inspect(UNIT)).toMatchObject({ needDaemonReload: false });
  });

  test('neither Restart= nor a boot starts it while the hold stands', async () => {
    await start();
    const { pid } = await active(rig);
    await armHold();
    rig.host.must(['kill', '-KILL', String(pid)]);
    expect((await settled()).pid).toBeUndefined();
    await rig.reboot();
    expect((await state()).activity).toBe('inactive');
    expect(rig.host.must(['cat', HOLD.marker])).toContain('refit');
    await start();
    await active(rig);
  });

  test('counts the restarts of a crash loop, and starts a good server after it', async () => {
    await armHold();
    rig.behave('#!/bin/sh\necho db migrate failed\nexit 3\n');
    const cursor = await rig.manager.logCursor(UNIT);
    await start();
    const looping = await seen(rig, ({ restarts }) => restarts >= 2);
    expect(looping.activity).not.toBe('inactive');
    const lines = await logged(rig, cursor, 'db migrate failed');
    expect(lines.join('\n')).toContain('db migrate failed');
    const end = await settled();
    expect(end).toMatchObject({ activity: 'failed', result: 'exit-code', exitCode: 3 });
    expect(end.pid).toBeUndefined();
    rig.behave(GOOD);
    expect(rig.host.exec(['systemctl', 'start', UNIT])).toMatchObject({ exitCode: 1 });
    await start();
    await active(rig);
  });

  test('a hold that was refused many times does not count against the start', async () => {
    await armHold();
    for (let times = 0; times < 7; times++) await rig.startByStranger();
    await start();
    await active(rig);
  });

  test('nor does a crash loop that was held in its middle', async () => {
    rig.behave('#!/bin/sh\nexit 3\n');
    await rig.manager.start(UNIT, undefined);
    await seen(rig, ({ restarts }) => restarts >= 2);
    await armHold();
    await settled();
    await stop();
    rig.behave(GOOD);
    await start();
    await active(rig);
  });

  test('says how long the last starts took, until the line that a profile names', async () => {
    const line = 'listening on .* (all) \\E';
    const script = (ms: number) => `#!/bin/sh\nsleep ${ms / 1000}\necho 'now ${line} of it'\nexec sleep 1000\n`;
    for (const ms of [1_200, 300]) {
      rig.behave(script(ms));
      const cursor = await rig.manager.logCursor(UNIT);
      await rig.manager.start(UNIT, undefined);
      await logged(rig, cursor, line);
      await rig.manager.stop(UNIT, STOP);
    }
    const [last = 0, before = 0] = await rig.manager.recentStarts(UNIT, line);
    expect(before).toBeGreaterThan(1_000);
    expect(last).toBeGreaterThan(200);
    expect(last).toBeLessThan(before);
    expect(await rig.manager.recentStarts(UNIT, 'listening on x (all)')).toEqual([]);
    expect(await rig.manager.recentStarts('no-such.service', line)).toEqual([]);
  });

  test('a start that takes long is accepted at once', async () => {
    rig.write(
      `/etc/systemd/system/${UNIT}`,
      UNIT_TEXT.replace('[Service]', '[Service]\nType=notify\nNotifyAccess=all'),
    );
    await armHold();
    rig.behave('#!/bin/sh\nwhile [ ! -e /run/go ]; do sleep 0.05; done\nsystemd-notify --ready\nexec sleep 1000\n');
    await start();
    expect(await state()).toMatchObject({ activity: 'activating', detail: 'start' });
    rig.write('/run/go', '');
    await active(rig);
    rig.write(`/etc/systemd/system/${UNIT}`, UNIT_TEXT);
    await rig.manager.reload();
  });

  test('a masked unit is refused with what to type', async () => {
    const path = `/etc/systemd/system/${UNIT}`;
    rig.host.must(['ln', '-sfn', '/dev/null', path]);
    await rig.manager.reload();
    expect(await rig.manager.inspect(UNIT)).toMatchObject({ loadState: 'masked' });
    await expect(rig.manager.start(UNIT, undefined)).rejects.toMatchObject({
      code: 'E_SERVICE_START',
      hint: `systemctl unmask ${UNIT}`,
    });
    rig.host.must(['rm', path]);
    rig.write(path, UNIT_TEXT);
    await rig.manager.reload();
  });

  test('a missing environment file is told as the reason', async () => {
    rig.write(
      `/etc/systemd/system/${UNIT}`,
      UNIT_TEXT.replace('-/etc/contract.env', '/etc/contract.env').replace('on-failure', 'no'),
    );
    await rig.manager.reload();
    await expect(rig.manager.start(UNIT, undefined)).rejects.toMatchObject({
      code: 'E_SERVICE_START',
      message: expect.stringContaining('environment files'),
    });
    rig.write(`/etc/systemd/system/${UNIT}`, UNIT_TEXT);
    await rig.manager.reload();
  });

  test('sees the socket that starts it, which the hold refuses too', async () => {
    const socket = '[Socket]\nListenStream=/run/contract.sock\n';
    rig.write('/etc/systemd/system/contract.socket', socket);
    systemctl('daemon-reload');
    systemctl('start', 'contract.socket');
    expect(await rig.manager.inspect(UNIT)).toMatchObject({ triggeredBy: ['contract.socket'] });
    await armHold();
    rig.host.exec(['python3', '-c', 'import socket; socket.socket(socket.AF_UNIX).connect("/run/contract.sock")']);
    expect((await settled()).pid).toBeUndefined();
    rig.host.exec(['systemctl', 'stop', 'contract.socket']);
    rig.host.must(['rm', '/etc/systemd/system/contract.socket']);
    systemctl('daemon-reload');
  });

  test('names what is left of a service that leaves its children', async () => {
    rig.write(`/etc/systemd/system/${UNIT}`, `${UNIT_TEXT}\n[Service]\nKillMode=process\n`);
    await rig.manager.reload();
    rig.behave('#!/bin/sh\nsleep 1000 &\necho $! > /run/child\nexec sleep 1000\n');
    await rig.manager.start(UNIT, undefined);
    await seen(rig, () => rig.host.exec(['test', '-s', '/run/child']).exitCode === 0);
    const child = Number(rig.host.must(['cat', '/run/child']));
    expect((await stop()).remaining).toEqual([child]);
    rig.host.must(['kill', '-KILL', String(child)]);
    rig.write(`/etc/systemd/system/${UNIT}`, UNIT_TEXT);
    await rig.manager.reload();
  });

  test('knows a host that is going down', async () => {
    rig.behave('#!/bin/sh\ntrap "sleep 1.5; exit 0" TERM\necho ready\nwhile :; do sleep 0.05; done\n');
    const cursor = await rig.manager.logCursor(UNIT);
    await rig.manager.start(UNIT, undefined);
    await logged(rig, cursor, 'ready');
    const [program, ...args] = rig.host.argv(['systemctl', 'reboot']);
    spawn(program, args, { stdio: 'ignore' });
    while (!(await rig.manager.managerStopping()));
    expect(await rig.manager.managerStopping()).toBe(true);
    await expect(rig.manager.start(UNIT, undefined)).rejects.toMatchObject({ code: expect.stringMatching(/^E_/) });
    await rig.reboot();
    expect(readFileSync(`${rig.host.root()}/etc/hostname`, 'utf8')).toBe(`${rig.host.name}\n`);
  });
});
