import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../../../../scripts/install-sample.mjs';
import type { Plan } from '../../../../src/engine/plan.ts';
import { Interrupted } from '../../../../src/engine/step.ts';
import { RefitError } from '../../../../src/errors.ts';
import { type Effects, plainEffects } from '../../../../src/host/effects.ts';
import type { Files } from '../../../../src/host/files.ts';
import { planRollback } from '../../../../src/runbook/plan-rollback.ts';
import { runPaths } from '../../../../src/runbook/store/paths.ts';
import { readRun } from '../../../../src/runbook/store/runs.ts';
import { newUlid } from '../../../../src/runbook/store/ulid.ts';
import { answerPath, requestPath, type WorkAnswer, type WorkRequest } from '../../../../src/runbook/worker/request.ts';
import { type WorkSignals, work } from '../../../../src/runbook/worker/work.ts';
import type { Workshop } from '../../../../src/runbook/workshop.ts';
import { Killed } from '../../../data/workbench.ts';
import { begin, textOf } from '../../../runbook/records.ts';
import { type Bench, bench, planned, workshopAt } from '../../../runbook/workbench.ts';

const NEVER: WorkSignals = { pause: new AbortController().signal, shutdown: new AbortController().signal };

interface Lived {
  readonly exit: number;
  readonly answer: WorkAnswer;
  readonly run: string;
}

/** One worker's life in this process, as `launch` would have asked for it. */
async function live(
  one: Bench,
  wanted: Partial<WorkRequest>,
  effects: Effects = plainEffects,
  signals: WorkSignals = NEVER,
  workshop?: Workshop,
): Promise<Lived> {
  const { clock } = one.workshop.host;
  const run =
    wanted.run ??
    newUlid(clock, fs.existsSync(one.store.runs) ? fs.readdirSync(one.store.runs).sort().at(-1) : undefined);
  const nonce = clock.random(6);
  const { directory } = runPaths(one.store, run);
  fs.mkdirSync(directory, { recursive: true });
  const request: WorkRequest = {
    format: 1,
    nonce,
    run,
    installation: 'sample',
    stateDirectory: one.workshop.stateDirectory,
    turn: false,
    by: 'test',
    command: 'test',
    network: {},
    ...wanted,
  };
  fs.writeFileSync(requestPath(directory, nonce), JSON.stringify(request));
  const exit = await work(workshop ?? (await workshopAt(one.workshop.stateDirectory, effects)), request, signals);
  expect(fs.existsSync(requestPath(directory, nonce))).toBe(false);
  return { exit, run, answer: JSON.parse(fs.readFileSync(answerPath(directory, nonce), 'utf8')) as WorkAnswer };
}

const upgrade = async (one: Bench): Promise<Plan> => (await planned(one)).plan;
const version = ({ sample }: Bench) =>
  /v0\.2\.\d+/.exec(
    execFileSync(sample.binary, ['--version'], { env: { SAMPLE_DB_PATH: '/x', PATH: process.env['PATH'] } }).toString(),
  )?.[0];
const answers = async ({ sample }: Bench) => (await ask(`${sample.url}/healthz/ready`))?.body;
const kinds = async (one: Bench, id: string) => (await readRun(one.workshop.host.files, one.store, id))?.state;
const state = ({ store }: Bench) =>
  JSON.parse(fs.readFileSync(store.state, 'utf8')) as {
    readonly last?: { readonly standing: string; readonly run: string };
    readonly open?: object;
    readonly version?: string;
  };

/** The first thing that is thrown away once the upgrade has happened. */
const COMMITTED = /^remove .*\/releases\/v0\.2\.13$/;

/** Acts as a killed process would at the first effect whose label fits: never again. */
function dieAt(label: RegExp): Effects {
  let dead = false;
  return {
    async run(effect, act) {
      dead ||= label.test(effect.label);
      // The kernel frees a killed worker's lock.
      if (dead && !effect.label.includes('run.lock')) throw new Killed();
      return act(() => undefined);
    },
  };
}

/** Every effect whose label fits is refused by the disk, from the n-th on. */
function refuse(errno: string, label: RegExp, from = 1): Effects {
  let met = 0;
  return {
    async run(effect, act) {
      if (label.test(effect.label)) met += 1;
      if (met >= from && label.test(effect.label) && effect.kind === 'write')
        throw Object.assign(new Error('injected'), { code: errno });
      return act(() => undefined);
    },
  };
}

describe('a whole upgrade, and its rollback', () => {
  test('commits, answers, leaves nothing behind, and goes back with the data of before', async () => {
    const one = await bench();
    const { exit, run, answer } = await live(one, { plan: await upgrade(one) });
    expect([exit, answer]).toEqual([0, { exit: 0 }]);
    expect([version(one), await answers(one)]).toEqual(['v0.2.13', 'ready']);
    expect(state(one)).toMatchObject({ version: 'v0.2.13', last: { run, standing: 'committed' } });
    const left = (fs.readdirSync(one.sample.prefix, { recursive: true }) as string[]).filter((name) =>
      /\.refit-0|refit-tmp|\/window$|\/reserve$|\/token$|\/scratch/.test(name),
    );
    expect(left).toEqual([]);

    const back = await planRollback(one.workshop, one.wish);
    expect(back.plan).toMatchObject({ purpose: 'rollback', from: 'v0.2.13', to: 'v0.2.9' });
    expect(back.checks.find(({ code }) => code === 'version-changed')).toMatchObject({ severity: 'ok' });
    expect((await live(one, { plan: back.plan })).exit).toBe(0);
    expect([version(one), await answers(one)]).toEqual(['v0.2.9', 'ready']);
    const again = (fs.readdirSync(one.sample.prefix, { recursive: true }) as string[]).filter((name) =>
      /\.refit-0/.test(name),
    );
    expect(again).toEqual([]);

    // Forward again is the rollback of the rollback; a generation that is gone is no way back.
    expect((await planRollback(one.workshop, one.wish)).plan).toMatchObject({ from: 'v0.2.9', to: 'v0.2.13' });
    fs.rmSync(path.join(one.sample.state, '.refit-generations'), { recursive: true });
    await expect(planRollback(one.workshop, one.wish)).rejects.toMatchObject({
      code: 'E_NOTHING_TO_ROLL_BACK',
      message: expect.stringContaining('is gone'),
    });
  });

  test('tokens of earlier runs go once another is on record: who has to begin a way back anew needs them', async () => {
    const one = await bench();
    const { run } = await live(one, { plan: await upgrade(one) });
    const { token } = runPaths(one.store, run);
    fs.writeFileSync(token, 'secret');
    const { plan } = await planRollback(one.workshop, one.wish);
    expect((await live(one, { plan }, refuse('EIO', /^append to .*\/journal\.jsonl$/))).exit).toBe(4);
    expect(fs.existsSync(token)).toBe(true);
    expect((await live(one, { plan })).exit).toBe(0);
    expect(fs.existsSync(token)).toBe(false);
  });

  test('a rollback of what somebody replaced by hand since is refused by name', async () => {
    const one = await bench();
    expect((await live(one, { plan: await upgrade(one) })).exit).toBe(0);
    fs.writeFileSync(one.sample.binary, fs.readFileSync(one.sample.binary, 'utf8').replaceAll('v0.2.13', 'v0.2.14'), {
      mode: 0o755,
    });
    const { checks } = await planRollback(one.workshop, one.wish);
    expect(checks.find(({ code }) => code === 'version-changed')).toMatchObject({
      severity: 'inhibit',
      measured: 'v0.2.14 is installed',
      limit: 'v0.2.13, which the last run left',
    });
  });

  test('nothing was ever done: nothing to roll back', async () => {
    const one = await bench({ started: false });
    await expect(planRollback(one.workshop, one.wish)).rejects.toMatchObject({
      code: 'E_NOTHING_TO_ROLL_BACK',
      message: 'Cannot roll sample back: saw no committed run of it',
    });
  });

  test('a release that does not start: restored, 7, and the state says so', async () => {
    const one = await bench({ breaks: { 'v0.2.13': 'boot' } });
    expect((await live(one, { plan: await upgrade(one) })).exit).toBe(7);
    expect([version(one), await answers(one)]).toEqual(['v0.2.9', 'ready']);
    expect(state(one)).toMatchObject({ last: { standing: 'restored', exit: 7, error: { code: 'E_SERVICE_START' } } });
  });

  test('a wrong digest: untouched, 6', async () => {
    const one = await bench({ breaks: { 'v0.2.13': 'checksum' } });
    expect((await live(one, { plan: await upgrade(one) })).exit).toBe(6);
    expect(state(one)).toMatchObject({ last: { standing: 'untouched' } });
  });
});

describe('what stands against a worker', () => {
  test('another that is at it: 10, and nothing of this one stays but its answer', async () => {
    const one = await bench({ started: false });
    const holder = { pid: process.pid, startTime: '1', since: 'now', who: 'eve', command: 'refit upgrade' };
    const plan = await upgrade(one);
    await one.workshop.host.files.makeDirectory(one.store.runs, { mode: 0o711 });
    await using _lock = await one.workshop.host.lock.acquire(one.store.lock, holder);
    // Another process: one that holds the lock cannot be locked out by itself.
    const blocked = execFileSync(process.execPath, [
      '--input-type=module',
      '-e',
      `
      import { nodeHost, readIdentity } from ${JSON.stringify(path.resolve('src/host/node-host.ts'))};
      import { plainEffects } from ${JSON.stringify(path.resolve('src/host/effects.ts'))};
      try { await nodeHost(plainEffects, readIdentity()).lock.acquire(${JSON.stringify(one.store.lock)}, ${JSON.stringify(holder)}); console.log('free'); }
      catch (error) { console.log(error.code); }
    `,
    ])
      .toString()
      .trim();
    expect(blocked).toBe('E_LOCKED');
    const run = newUlid(one.workshop.host.clock);
    fs.mkdirSync(runPaths(one.store, run).directory, { recursive: true });
    fs.writeFileSync(runPaths(one.store, run).token, 'secret');
    const { exit, answer } = await live(one, { plan, run });
    expect([exit, answer.error?.code]).toEqual([10, 'E_LOCKED']);
    expect(answer.error?.message).toContain('eve');
    expect(fs.readdirSync(runPaths(one.store, run).directory)).toEqual([expect.stringMatching(/^answer-/)]);
  });

  test('a journal that cannot be written: the run is not begun, and its token does not stay', async () => {
    const one = await bench({ started: false });
    const plan = await upgrade(one);
    const run = newUlid(one.workshop.host.clock);
    const { directory, journal, token } = runPaths(one.store, run);
    fs.mkdirSync(journal, { recursive: true });
    fs.writeFileSync(token, 'secret');
    const { exit, answer } = await live(one, { plan, run });
    expect({ exit, code: answer.error?.code }).toEqual({ exit: 4, code: 'E_FILE' });
    expect(fs.readdirSync(directory)).not.toContain('token');
  });

  test('a run that is open: 9, with both ways out; to go on where none is open: 4', async () => {
    const one = await bench({ started: false });
    const plan = await upgrade(one);
    const first = await live(one, { plan, until: 'fetch' });
    expect(first.exit).toBe(0);
    const second = await live(one, { plan });
    expect(second.answer).toMatchObject({
      exit: 9,
      error: { code: 'E_RUN_OPEN', hint: 'refit resume finishes it, refit rollback goes back' },
    });
    // The refused request hides neither the open run nor its state.
    expect(state(one)).toMatchObject({ open: { run: first.run } });
    expect((await live(one, { run: second.run })).answer).toMatchObject({ exit: 4, error: { code: 'E_NO_OPEN_RUN' } });
    expect((await live(one, { run: first.run, turn: true })).exit).toBe(0);
    expect((await live(one, { run: first.run })).answer).toMatchObject({ exit: 4, error: { code: 'E_NO_OPEN_RUN' } });
  });

  test('a journal that is damaged, or newer: 11', async () => {
    const one = await bench({ started: false });
    const plan = await upgrade(one);
    const { run } = await live(one, { plan, until: 'fetch' });
    const { journal } = runPaths(one.store, run);
    const text = fs.readFileSync(journal, 'utf8');
    fs.writeFileSync(journal, text.replace('"by":"test"', '"by":"eve!"'));
    expect((await live(one, { run })).answer).toMatchObject({ exit: 11, error: { code: 'E_JOURNAL_CORRUPT' } });
    expect((await live(one, { plan })).answer).toMatchObject({ exit: 11, error: { code: 'E_JOURNAL_CORRUPT' } });
  });

  test('a plan that somebody else overtook: the version is not the planned one any more', async () => {
    const one = await bench();
    const plan = await upgrade(one);
    const stale = structuredClone(plan);
    expect((await live(one, { plan })).exit).toBe(0);
    expect((await live(one, { plan: stale })).answer).toMatchObject({
      exit: 4,
      error: {
        code: 'E_WORLD_CHANGED',
        message: 'Cannot begin: saw v0.2.13 installed since this was planned, expected v0.2.9',
      },
    });
  });

  test('a run of a later name was begun meanwhile: the order of names is the order of runs', async () => {
    const one = await bench({ started: false });
    const plan = await upgrade(one);
    const later = newUlid({ ...one.workshop.host.clock, now: () => new Date('2200-01-01') });
    fs.mkdirSync(runPaths(one.store, later).directory, { recursive: true });
    fs.writeFileSync(
      runPaths(one.store, later).journal,
      textOf([begin(plan, later), { type: 'run.turn', reason: 'operator' }, { type: 'run.end', outcome: 'restored' }]),
    );
    expect((await live(one, { plan, run: newUlid(one.workshop.host.clock) })).answer).toMatchObject({
      exit: 4,
      error: { code: 'E_WORLD_CHANGED' },
    });
  });
});

describe('cut short', () => {
  test.each([
    ['while it stops the server', /^send SIGTERM /],
    ['while it copies the data', /manifest\.json/],
    ['while it swaps', /rename .*\/bin\/sample$/],
    ['after the commit', COMMITTED],
  ])('%s, the next worker finishes what was begun, and the event numbers go on', async (_name, label) => {
    const one = await bench();
    const plan = await upgrade(one);
    const run = newUlid(one.workshop.host.clock);
    await expect(live(one, { plan, run }, dieAt(label))).rejects.toThrow(Killed);
    expect((await kinds(one, run))?.ended).toBeUndefined();
    expect((await live(one, { run })).exit).toBe(0);
    expect([version(one), await answers(one)]).toEqual(['v0.2.13', 'ready']);
    const lines = fs.readFileSync(runPaths(one.store, run).events, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(lines.map((_, n) => n + 1));
  });

  test('the way back of a run that was cut short in the window: asked for, so 0', async () => {
    const one = await bench();
    const run = newUlid(one.workshop.host.clock);
    await expect(live(one, { plan: await upgrade(one), run }, dieAt(/rename .*\/bin\/sample$/))).rejects.toThrow(
      Killed,
    );
    expect((await live(one, { run, turn: true })).exit).toBe(0);
    expect([version(one), await answers(one)]).toEqual(['v0.2.9', 'ready']);
  });

  test('the way back of a run that had committed: it is finished, and the person told what to type', async () => {
    const one = await bench();
    const run = newUlid(one.workshop.host.clock);
    await expect(live(one, { plan: await upgrade(one), run }, dieAt(COMMITTED))).rejects.toThrow(Killed);
    expect((await kinds(one, run))?.committedHops).toBe(1);
    expect((await live(one, { run, turn: true })).answer).toMatchObject({
      exit: 4,
      error: { code: 'E_NOTHING_TO_ROLL_BACK', hint: 'refit rollback again goes back to v0.2.9 by a run of its own' },
    });
    expect(await kinds(one, run)).toMatchObject({ ended: 'committed' });
  });

  test('a pause is between steps, and the next worker goes on', async () => {
    const one = await bench();
    const pause = new AbortController();
    const effects: Effects = {
      run(effect, act) {
        if (/binaries\.json/.test(effect.label)) pause.abort(new Interrupted('signal'));
        return act(() => undefined);
      },
    };
    const { exit, run } = await live(one, { plan: await upgrade(one) }, effects, { ...NEVER, pause: pause.signal });
    expect(exit).toBe(9);
    expect([version(one), await answers(one)]).toEqual(['v0.2.9', 'ready']);
    expect((await live(one, { run })).exit).toBe(0);
  });

  test('a pause in the middle of a transfer stops it there, and is no crash', async () => {
    const one = await bench({ started: false });
    const pause = new AbortController();
    pause.abort(new Interrupted('signal'));
    const { exit, run } = await live(one, { plan: await upgrade(one) }, plainEffects, {
      ...NEVER,
      pause: pause.signal,
    });
    expect(exit).toBe(9);
    expect(await kinds(one, run)).toMatchObject({ heading: 'forward', paused: 'signal', failures: [] });
  });
});

describe('a disk that takes nothing more', () => {
  test('before the first record: refused, nothing begun', async () => {
    const one = await bench({ started: false });
    const { answer } = await live(one, { plan: await upgrade(one) }, refuse('ENOSPC', /journal\.jsonl/));
    expect(answer).toMatchObject({
      exit: 4,
      error: { code: 'E_NO_SPACE', message: expect.stringMatching(/^Cannot note what was done: /) },
    });
  });

  test('before anything was touched: 4, and the next worker goes on', async () => {
    const one = await bench();
    const { answer, run } = await live(one, { plan: await upgrade(one) }, refuse('EROFS', /journal\.jsonl/, 4));
    expect(answer).toMatchObject({ exit: 4, error: { code: 'E_READ_ONLY' } });
    expect((await live(one, { run })).exit).toBe(0);
  });

  test('in the window: 8, nothing more is changed; the next worker finishes it', async () => {
    const one = await bench();
    const plan = await upgrade(one);
    let stopped = false;
    const effects: Effects = {
      run(effect, act) {
        stopped ||= /^(?!remove).*manifest\.json/.test(effect.label);
        if (stopped && /journal\.jsonl/.test(effect.label))
          throw Object.assign(new Error('injected'), { code: 'ENOSPC' });
        return act(() => undefined);
      },
    };
    const { answer, run } = await live(one, { plan }, effects);
    expect(answer).toMatchObject({
      exit: 8,
      error: { code: 'E_NO_SPACE', hint: expect.stringContaining('refit resume') },
    });
    expect(version(one)).toBe('v0.2.9');
    expect((await live(one, { run })).exit).toBe(0);
    expect([version(one), await answers(one)]).toEqual(['v0.2.13', 'ready']);
  });

  test('what cannot be written for people changes no outcome', async () => {
    const one = await bench();
    const { exit } = await live(
      one,
      { plan: await upgrade(one) },
      refuse('ENOSPC', /state\.json|events\.ndjson|run\.lock\.json/),
    );
    expect(exit).toBe(0);
    expect(fs.existsSync(one.store.state)).toBe(false);
  });

  test('a resumed run that cannot be driven is as it was: paused, not untouched', async () => {
    const one = await bench();
    const run = newUlid(one.workshop.host.clock);
    await expect(live(one, { plan: await upgrade(one), run }, dieAt(/rename .*\/bin\/sample$/))).rejects.toThrow(
      Killed,
    );
    const { files } = one.workshop.host;
    const bad: Files = {
      ...files,
      async read(path, limit) {
        if (!path.endsWith('/boot')) return files.read(path, limit);
        throw new RefitError('E_IO', `Cannot read ${path}: injected`);
      },
    };
    const blind = { ...one.workshop, host: { ...one.workshop.host, files: bad } };
    expect((await live(one, { run }, plainEffects, NEVER, blind)).answer).toMatchObject({
      exit: 9,
      error: { code: 'E_IO' },
    });
    expect((await live(one, { run })).exit).toBe(0);
  });
});
