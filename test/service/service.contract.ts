import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeClock } from '../../src/host/node-clock.ts';
import type { Hold, ServiceManager, ServiceState } from '../../src/service/service.ts';

/** One service that the suite may do anything to. Its argv is the executable and "an argument". */
export interface Rig extends AsyncDisposable {
  readonly manager: ServiceManager;
  readonly unit: string;
  readonly hold: Hold;
  /** The file the service runs; SIGKILL comes two seconds after SIGTERM. */
  readonly executable: string;
  /** Makes `script` what it does from the next start on. */
  behave(script: string): void;
  /** Somebody else tries to start it. */
  startByStranger(): Promise<void>;
  /** Starts `argv` outside of the service and gives its pid. */
  runByHand(argv: readonly [string, ...string[]]): Promise<number>;
  /** Every path that a hold could leave behind. */
  traces(): readonly string[];
}

export const GOOD = '#!/bin/sh\necho "ready $$"\nexec sleep 1000\n';
const SLOW_TO_STOP = `#!/bin/sh\ntrap 'sleep 1; echo drained; exit 0' TERM\necho ready\nwhile :; do sleep 0.05; done\n`;
const STUBBORN = `#!/bin/sh\ntrap '' TERM\necho ready\nwhile :; do sleep 0.05; done\n`;

const STOP = { timeoutMs: 12_000 };

/** Looks until it is so; the test's own time limit ends the waiting. */
export async function seen(rig: Rig, isSo: (state: ServiceState) => boolean): Promise<ServiceState> {
  for (;;) {
    const state = await rig.manager.state(rig.unit);
    if (isSo(state)) return state;
    await nodeClock.sleep(20);
  }
}

export const active = (rig: Rig): Promise<ServiceState> => seen(rig, ({ activity }) => activity === 'active');

export async function logged(rig: Rig, cursor: string, text: string): Promise<readonly string[]> {
  for (;;) {
    const lines = await rig.manager.logsSince(rig.unit, cursor, { maxLines: 100 });
    if (lines.some((line) => line.includes(text))) return lines;
    await nodeClock.sleep(20);
  }
}

/** What every service manager does. */
export function serviceContract(name: string, makeRig: () => Promise<Rig>): void {
  describe(name, () => {
    let rig: Rig;
    let manager: ServiceManager;
    beforeAll(async () => {
      rig = await makeRig();
      manager = rig.manager;
    });
    afterAll(() => rig[Symbol.asyncDispose]());
    beforeEach(async () => {
      await manager.stop(rig.unit, STOP);
      await manager.releaseHold(rig.hold);
      rig.behave(GOOD);
    });

    const startAndWait = async (): Promise<ServiceState> => {
      const cursor = await manager.logCursor(rig.unit);
      await manager.start(rig.unit, undefined);
      await logged(rig, cursor, 'ready');
      return active(rig);
    };

    test('says how the unit is set up, and nothing of one that is not there', async () => {
      expect(await manager.inspect(rig.unit)).toMatchObject({
        unit: rig.unit,
        loadState: 'loaded',
        execPath: rig.executable,
        execArguments: ['an argument'],
        timeoutStopMs: 2000,
        triggeredBy: [],
        needDaemonReload: false,
      });
      expect(await manager.inspect('nobody.service')).toBeUndefined();
      await expect(manager.state('nobody.service')).rejects.toMatchObject({ code: 'E_SERVICE_UNKNOWN' });
    });

    test('starts it, knows its process, and leaves one that runs alone', async () => {
      const state = await startAndWait();
      expect(state).toMatchObject({ activity: 'active', restarts: 0, pid: expect.any(Number) });
      await manager.start(rig.unit, undefined);
      expect(await manager.state(rig.unit)).toEqual(state);
    });

    test('stops it, and one that is stopped is fine', async () => {
      await startAndWait();
      const stopped = await manager.stop(rig.unit, STOP);
      expect(stopped).toMatchObject({ killed: false, remaining: [], state: { activity: 'inactive' } });
      expect(stopped.state.pid).toBeUndefined();
      expect(await manager.state(rig.unit)).toEqual(stopped.state);
      expect((await manager.stop(rig.unit, STOP)).state.activity).toBe('inactive');
    });

    test('waits for a service that takes its time to stop', async () => {
      rig.behave(SLOW_TO_STOP);
      const cursor = await manager.logCursor(rig.unit);
      await startAndWait();
      expect(await manager.stop(rig.unit, STOP)).toMatchObject({ killed: false, remaining: [] });
      await logged(rig, cursor, 'drained');
    });

    test('says when a service had to be killed', async () => {
      rig.behave(STUBBORN);
      await startAndWait();
      const stopped = await manager.stop(rig.unit, STOP);
      expect(stopped).toMatchObject({ killed: true, remaining: [] });
      expect(['inactive', 'failed']).toContain(stopped.state.activity);
    });

    test('a hold does not touch the service that runs, and then nobody starts it but who removes the hold', async () => {
      const before = await startAndWait();
      await manager.armHold(rig.hold);
      await manager.armHold(rig.hold);
      expect(await manager.state(rig.unit)).toEqual(before);
      await manager.stop(rig.unit, STOP);
      await rig.startByStranger();
      expect((await manager.state(rig.unit)).activity).not.toBe('active');
      await expect(manager.start(rig.unit, undefined)).rejects.toMatchObject({ code: 'E_SERVICE_START' });
      expect((await manager.state(rig.unit)).pid).toBeUndefined();
      await manager.start(rig.unit, rig.hold);
      expect((await active(rig)).pid).not.toBe(before.pid);
    });

    test('a released hold leaves nothing behind, and the service can be started', async () => {
      const before = rig.traces();
      await manager.armHold(rig.hold);
      expect(rig.traces()).not.toEqual(before);
      await manager.releaseHold(rig.hold);
      expect(rig.traces()).toEqual(before);
      await manager.releaseHold(rig.hold);
      await startAndWait();
    });

    test('gives the lines since a cursor, the newest where there are too many', async () => {
      await startAndWait();
      await manager.stop(rig.unit, STOP);
      rig.behave('#!/bin/sh\nfor n in 1 2 3 4 5; do echo "line $n"; done\nexec sleep 1000\n');
      const cursor = await manager.logCursor(rig.unit);
      await manager.start(rig.unit, undefined);
      const lines = await logged(rig, cursor, 'line 5');
      expect(lines.filter((line) => line.startsWith('line'))).toEqual([1, 2, 3, 4, 5].map((n) => `line ${n}`));
      expect(lines.join()).not.toContain('ready');
      const newest = await manager.logsSince(rig.unit, cursor, { maxLines: 2 });
      expect(newest).toEqual(lines.slice(-2));
    });

    test('knows who else runs its file', async () => {
      const { pid } = await startAndWait();
      const sleep = '/bin/sleep';
      const stranger = await rig.runByHand([sleep, '30']);
      const pids = (await manager.strangers(rig.unit, sleep)).map((one) => one.pid);
      expect(pids).toContain(stranger);
      expect(pids).not.toContain(pid);
    });

    test('knows which processes are not of the unit', async () => {
      const { pid } = await startAndWait();
      const stranger = await rig.runByHand(['/bin/sleep', '30']);
      const outside = await manager.outside(rig.unit, [pid ?? 0, stranger, 2 ** 22 + 1]);
      expect(outside.map((one) => one.pid)).toEqual([stranger]);
    });

    test('the manager is not on its way down', async () => {
      expect(await manager.managerStopping()).toBe(false);
    });
  });
}
