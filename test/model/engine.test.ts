import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drive } from '../../src/engine/drive.ts';
import { replay } from '../../src/engine/replay.ts';
import { type Engine, type Fault, judge, Machine, planOf } from './machine.ts';

const engine: Engine = { drive, replay };
const BY = { run: 'r', by: 'test' } as const;

const hops = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
const window = fc.array(fc.boolean(), { maxLength: 12 });
const faults = fc.array(
  fc.constantFrom<Fault>('none', 'none', 'none', 'kill', 'reset', 'fail', 'undecided', 'pause', 'shutdown'),
  {
    maxLength: 60,
  },
);
/** How many of each hop's first steps are ahead. */
const ahead = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 });
const rollbacks = fc.array(fc.boolean(), { maxLength: 8 });

/** Lives until the run ends, an operator now and then asking for the way back; at most 200 lives. */
async function liveOn(m: Machine, ask: readonly boolean[]): Promise<void> {
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  for (let life = 0; life < 200; life++) {
    const state = replay(m.disk);
    if (state?.ended !== undefined) return;
    const stuck = state?.steps.some((step) => step.stuck) === true;
    const wanted = ask[life] === true && life > 0 && state?.heading === 'forward';
    if (stuck || wanted) m.disk.push({ type: 'run.turn', reason: 'operator' });
    await m.live(engine);
  }
}

test('any run, killed, reset, failed and paused anywhere, ends wholly new or wholly old, hop by hop', async () => {
  const seen: Record<string, number> = { kills: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(hops, window, ahead),
      faults,
      rollbacks,
      fc.boolean(),
      async (shape, wrong, ask, revertsFail) => {
        const m = new Machine(planOf(...shape), wrong, revertsFail);
        await liveOn(m, ask);
        expect(judge(m, engine)).toEqual([]);
        const ended = replay(m.disk)?.ended ?? 'none';
        seen[ended] = (seen[ended] ?? 0) + 1;
        seen['kills'] = (seen['kills'] ?? 0) + m.kills;
      },
    ),
    { numRuns: 20_000 },
  );
  expect(Object.keys(seen).sort()).toEqual(['committed', 'kills', 'partial', 'restored']);
}, 120_000);

test('a pause asked for in the window waits for its end; a shutdown does not', async () => {
  const pausing = new Machine(planOf([4], [false, true, true, false]), [
    'none',
    'none',
    'none',
    'none',
    'none',
    'none',
    'none',
    'pause',
  ]);
  pausing.disk.push({ type: 'run.begin', ...BY, plan: pausing.plan });
  expect(await pausing.live(engine)).toBe('paused');
  expect(pausing.cells).toEqual(['new', 'new', 'new', 'old']);

  const stopping = new Machine(pausing.plan, ['none', 'none', 'none', 'none', 'none', 'none', 'none', 'shutdown']);
  stopping.disk.push({ type: 'run.begin', ...BY, plan: stopping.plan });
  expect(await stopping.live(engine)).toBe('paused');
  expect(stopping.cells).toEqual(['new', 'old', 'old', 'old']);
});

/** Points of the first step: prepare, append, append, change. */
const UNDECIDED: readonly Fault[] = ['none', 'none', 'none', 'none', 'undecided'];

test('a step that cannot decide pauses the run where it is, and is asked again when it goes on', async () => {
  const m = new Machine(planOf([2], []), UNDECIDED);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  expect(await m.live(engine)).toBe('paused');
  const failure = { code: 'E_HEALTH_EXTERNAL', message: 'after change' };
  const pause = { type: 'run.pause', reason: 'external', step: 0, failure, saw: 'after change' };
  expect(m.disk.at(-1)).toEqual(pause);
  const state = replay(m.disk);
  expect(state).toMatchObject({ paused: 'external', stepPauses: [pause], heading: 'forward', failures: [] });
  expect(state?.steps.map(({ status, tries }) => [status, tries])).toEqual([
    ['begun', undefined],
    ['pending', undefined],
  ]);
  expect(await m.live(engine)).toBe('committed');
  expect(m.log).toEqual(['do 0', 'do 0', 'do 1', 'discard 0', 'discard 1']);
  expect(judge(m, engine)).toEqual([]);
});

test('from its pause the way back is open, and whoever killed the run in between has not closed it', async () => {
  const m = new Machine(planOf([2], []), [...UNDECIDED, 'none', 'none', 'none', 'none', 'kill']);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  expect([await m.live(engine), await m.live(engine)]).toEqual(['paused', 'killed']);
  expect(replay(m.disk)).toMatchObject({ paused: undefined, stepPauses: [{ reason: 'external' }] });
  m.disk.push({ type: 'run.turn', reason: 'operator' });
  expect(await m.live(engine)).toBe('restored');
  expect(m.cells).toEqual(['old', 'old']);
  expect(judge(m, engine)).toEqual([]);
});

test('in the window a step that cannot decide turns the run back: there is no pause', async () => {
  const m = new Machine(planOf([1], [true]), UNDECIDED);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  expect(await m.live(engine)).toBe('restored');
  expect(replay(m.disk)).toMatchObject({ stepPauses: [], failures: [{ failure: { code: 'E_HEALTH_EXTERNAL' } }] });
});

test('a pause is no crash: the tries of the step begin anew', async () => {
  const killed: Fault[] = ['none', 'none', 'kill'];
  const undecided: Fault[] = ['none', 'none', 'undecided', 'none', 'none'];
  const m = new Machine(planOf([1], []), ['none', ...killed, ...killed, ...undecided, ...killed, ...killed]);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  const lives: unknown[] = [];
  for (let life = 0; life < 6; life++) lives.push(await m.live(engine));
  expect(lives).toEqual(['killed', 'killed', 'paused', 'killed', 'killed', 'committed']);
});

test('a manager that is stopping takes what is outside with it: nothing is judged then', async () => {
  const m = new Machine(planOf([1], []), ['none', 'none', 'none', 'shutdown', 'undecided']);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  const cell = m.steps.get('cell');
  if (cell === undefined) throw new Error('no cell step');
  // It does not heed its signal: what it asked took longer.
  const deaf = { ...cell, change: () => cell.change(m, 0, null, new AbortController().signal) };
  const controls = { pause: m.pause.signal, shutdown: m.shutdown.signal };
  expect(
    await drive({ worldOf: () => m, steps: new Map([['cell', deaf]]), journal: m.journal, boot: m.boot }, controls),
  ).toBe('paused');
  expect(replay(m.disk)).toMatchObject({ paused: 'shutdown', stepPauses: [] });
});

test('three crashes of one change within a boot turn the run back; spread over boots they do not', async () => {
  // Points of the first step: prepare, append, append, change. The kill is in the change, every time.
  const first: Fault[] = ['none', 'none', 'none', 'kill'];
  const again = (kind: Fault): Fault[] => ['none', 'none', kind];
  const crashing = new Machine(planOf([2], []), [...first, ...again('kill'), ...again('kill')]);
  crashing.disk.push({ type: 'run.begin', ...BY, plan: crashing.plan });
  expect([await crashing.live(engine), await crashing.live(engine), await crashing.live(engine)]).toEqual([
    'killed',
    'killed',
    'killed',
  ]);
  expect(await crashing.live(engine)).toBe('restored');
  expect(replay(crashing.disk)?.failures.at(0)?.failure.code).toBe('E_STEP_CRASHED');

  const rebooting = new Machine(planOf([2], []), [...first.slice(0, 3), 'reset', ...again('reset'), ...again('reset')]);
  rebooting.disk.push({ type: 'run.begin', ...BY, plan: rebooting.plan });
  for (let life = 0; life < 3; life++) await rebooting.live(engine);
  expect(await rebooting.live(engine)).toBe('committed');
});

test('a stage verb stops after its stage, in the window too, and the next call goes on', async () => {
  const m = new Machine(planOf([3], [true, true, true]), []);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  const never = new AbortController().signal;
  const crew = { worldOf: () => m, steps: m.steps, boot: m.boot };
  expect(await drive({ ...crew, journal: m.journal }, { until: 'early', pause: never, shutdown: never })).toBe(
    'paused',
  );
  expect(m.cells).toEqual(['new', 'old', 'old']);
  expect(await drive({ ...crew, journal: m.journal }, { pause: never, shutdown: never })).toBe('committed');
});

test('what is ahead is done first, stage by stage, and is kept or undone with its own hop', async () => {
  const m = new Machine(planOf([3, 3], [], [2, 2]), []);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  expect(await m.live(engine)).toBe('committed');
  expect(m.log.filter((line) => line.startsWith('do'))).toEqual(['do 0', 'do 3', 'do 1', 'do 4', 'do 2', 'do 5']);

  const later = new Machine(m.plan, []);
  later.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  const cell = later.steps.get('cell');
  if (cell === undefined) throw new Error('no cell step');
  const { RefitError } = await import('../../src/errors.ts');
  const change: typeof cell.change = (world, i, ...rest) =>
    i === 5 ? Promise.reject(new RefitError('E_COMMAND_FAILED', 'no')) : cell.change(world, i, ...rest);
  const never = new AbortController().signal;
  const crew = { worldOf: () => later, steps: new Map([['cell', { ...cell, change }]]), boot: later.boot };
  expect(await drive({ ...crew, journal: later.journal }, { pause: never, shutdown: never })).toBe('partial');
  expect(later.cells).toEqual(['new', 'new', 'new', 'old', 'old', 'old']);
});

test('the last stage typed is that of one hop: the next hop waits for the next verb', async () => {
  const m = new Machine(planOf([2, 2], []), []);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  const never = new AbortController().signal;
  const crew = { worldOf: () => m, steps: m.steps, boot: m.boot };
  const until = (stage: string) =>
    drive({ ...crew, journal: m.journal }, { until: stage, pause: never, shutdown: never });
  expect(await until('late')).toBe('paused');
  expect(m.cells).toEqual(['new', 'new', 'old', 'old']);
  expect([await until('early'), m.cells.join()]).toEqual(['paused', 'new,new,new,old']);
  expect(await until('late')).toBe('committed');
});

test('an error without a code is a bug: it escapes and changes nothing in the journal', async () => {
  const m = new Machine(planOf([1], []), []);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  const cell = m.steps.get('cell');
  if (cell === undefined) throw new Error('no cell step');
  const broken = { ...cell, prepare: () => Promise.reject(new TypeError('oops')) };
  const never = new AbortController().signal;
  const crew = { worldOf: () => m, steps: new Map([['cell', broken]]), journal: m.journal, boot: m.boot };
  await expect(drive(crew, { pause: never, shutdown: never })).rejects.toThrow('oops');
  expect(m.disk).toHaveLength(1);
});

test('a finished step that no longer stands when the run is resumed turns it back', async () => {
  const m = new Machine(planOf([2], []), []);
  m.disk.push({ type: 'run.begin', ...BY, plan: m.plan });
  const never = new AbortController().signal;
  await drive(
    { worldOf: () => m, steps: m.steps, journal: m.journal, boot: m.boot },
    { until: 'early', pause: never, shutdown: never },
  );
  const { RefitError } = await import('../../src/errors.ts');
  const cell = m.steps.get('cell');
  if (cell === undefined) throw new Error('no cell step');
  const gone = { ...cell, recheck: () => Promise.reject(new RefitError('E_WORLD_CHANGED', 'gone')) };
  const crew = { worldOf: () => m, steps: new Map([['cell', gone]]), journal: m.journal, boot: m.boot };
  expect(await drive(crew, { pause: never, shutdown: never })).toBe('restored');
  expect(m.cells).toEqual(['old', 'old']);
});
