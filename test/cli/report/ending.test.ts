import { describe, expect, test } from 'vitest';
import { endingJson, endingText } from '../../../src/cli/report/ending.ts';
import type { Failure, JournalRecord } from '../../../src/engine/record.ts';
import type { Ending } from '../../../src/runbook/ending.ts';
import { ending, now, plan, records, rollbackPlan, STORE, stored } from '../support/made.ts';

const failure: Failure = {
  code: 'E_HEALTH_FAILED',
  message: 'Cannot find v0.2.13 healthy: saw 503\n\tdb unreachable, expected "ready"',
  hint: 'Read its log',
};
const evidence = `${STORE.runs}/01M7Z2FADZXNTZWVDEXV1FQKF6/evidence`;
const back: JournalRecord = { type: 'run.turn', reason: 'failure' };
const undone = (from: number): JournalRecord[] =>
  Array.from({ length: from + 1 }, (_, i) => ({ type: 'undo.end', step: from - i }));
const failed = (step: number): JournalRecord[] => [{ type: 'step.fail', step, failure }, back];
const restored: JournalRecord = { type: 'run.end', outcome: 'restored' };
const committed: JournalRecord[] = [
  { type: 'hop.commit', hop: 0 },
  { type: 'run.end', outcome: 'committed' },
];
const begun: JournalRecord = { type: 'step.begin', step: 7, undo: null, boot: 'b' };
const old = { now: now({ version: 'v0.2.9' }) };
const down = { now: now({ activity: 'inactive (dead)', running: false, answers: false }) };

const armed: JournalRecord = {
  type: 'step.end',
  step: 3,
  output: {
    armedAtMs: 1,
    boot: 'b',
    allowedMs: 300_000,
    until: '2026-01-01T00:05:00.000Z',
    program: ['/usr/bin/node', '/srv/refit.js'],
    copied: false,
    reason: null,
  },
};
/** The plan of most cases has no guard: its manager is the embedded one. */
const guardedPlan = plan({
  hops: plan().hops.map((hop) => ({
    ...hop,
    steps: hop.steps.map((step, index) => (index === 3 ? { ...step, kind: 'arm-window' } : step)),
  })),
});
const twoHops = plan({
  hops: [
    { ...plan().hops[0], from: 'v0.2.9', to: 'v0.2.11' },
    { ...plan().hops[0], from: 'v0.2.11', to: 'v0.2.13' },
  ] as ReturnType<typeof plan>['hops'],
});
/** The first hop is committed, the second undone. */
const partly = (...turned: JournalRecord[]): readonly JournalRecord[] =>
  records(
    8,
    { type: 'hop.commit', hop: 0 },
    { type: 'step.begin', step: 8, undo: null, boot: 'b' },
    ...turned,
    { type: 'undo.end', step: 8 },
    { type: 'run.end', outcome: 'partial' },
  );
const warned: JournalRecord = { type: 'discard.fail', step: 7, failure: { code: 'E_IO', message: 'Cannot prune' } };

const docker = { row: 'docker', key: '', before: 'true', after: 'false' };
const held = (reason: 'external' | 'no-way-back', message: string): JournalRecord => ({
  type: 'run.pause',
  reason,
  step: 7,
  failure: { code: reason === 'external' ? 'E_HEALTH_EXTERNAL' : 'E_COPY_UNPROVEN', message },
  saw: { external: [docker], already: [], notSeen: [] },
});

const seen = { readyMs: 2_513, aliveMs: 402, resolutionMs: 98, by: 'prober' } as const;
const told = { readyMs: 300_000, aliveMs: null, resolutionMs: null, by: 'journal' } as const;

const cases: Readonly<Record<string, Ending>> = {
  committed: ending(stored(records(8, ...committed), seen)),
  'committed-no-alive': ending(stored(records(8, ...committed), { ...seen, aliveMs: null })),
  'committed-warning': ending(stored(records(8, { type: 'hop.commit', hop: 0 }, warned, ...committed.slice(1)), 182)),
  'committed-install': ending(stored(records(8, ...committed), undefined, plan({ purpose: 'install', from: 'none' })), {
    now: now({ activity: 'not installed', running: false, answers: undefined }),
  }),
  'committed-rollback': ending(stored(records(5, ...committed), 522, rollbackPlan()), old),
  restored: ending(stored(records(7, begun, ...failed(7), ...undone(7), restored), 11_700), { ...old, evidence }),
  'restored-asked': ending(
    stored(records(7, { type: 'run.turn', reason: 'operator' }, ...undone(6), restored), 2_600),
    old,
  ),
  'restored-deadline': ending(
    stored(records(6, { type: 'run.turn', reason: 'deadline' }, ...undone(5), restored), told),
    old,
  ),
  untouched: ending(stored(records(1, ...failed(1), ...undone(0), restored)), old),
  'untouched-asked': ending(stored(records(2, { type: 'run.turn', reason: 'operator' }, ...undone(1), restored)), old),
  partial: ending(stored(partly(...failed(8)), 182, twoHops), { now: now({ version: 'v0.2.11' }) }),
  'partial-asked': ending(stored(partly({ type: 'run.turn', reason: 'operator' }), 182, twoHops)),
  mixed: ending(
    stored(
      records(7, begun, ...failed(7), {
        type: 'undo.fail',
        step: 7,
        failure: { code: 'E_IO', message: 'Cannot rename /usr/local/bin/dockmesh: EIO' },
      }),
    ),
    down,
  ),
  paused: ending(stored(records(3, { type: 'run.pause', reason: 'signal' })), old),
  'paused-after-swap': ending(stored(records(6, { type: 'run.pause', reason: 'asked' })), down),
  'paused-guarded': ending(
    stored(records(6, armed, { type: 'run.pause', reason: 'asked' }), undefined, guardedPlan),
    down,
  ),
  'paused-external': ending(
    stored(records(7, begun, held('external', 'Cannot judge dockmesh.service: docker: true -> false')), 182),
  ),
  'paused-external-guarded': ending(
    stored(
      records(7, begun, held('external', 'Cannot judge dockmesh.service: docker: true -> false')).toSpliced(
        7,
        1,
        armed,
      ),
      182,
      guardedPlan,
    ),
  ),
  'paused-no-way-back': ending(
    stored(records(7, begun, held('no-way-back', 'Cannot undo this upgrade any more: it is bad')), 182),
  ),
  'committed-waived': ending(
    stored(
      records(
        7,
        begun,
        { type: 'step.end', step: 7, output: { external: [docker], already: [], notSeen: [] } },
        ...committed,
      ),
      182,
    ),
  ),
  interrupted: ending(stored(records(5)), down),
  'interrupted-guarded': ending(stored(records(5).toSpliced(7, 1, armed), undefined, guardedPlan), down),
  'committed-killed': ending(
    stored(
      records(8, ...committed).map((record) =>
        record.type === 'step.end' && record.step === 4 ? { ...record, output: { killed: true } } : record,
      ),
      182,
    ),
  ),
};

describe.each(Object.entries(cases))('%s', (name, one) => {
  test('three lines: what is true, what happened, what to type', async () => {
    const text = endingText(one);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toMatch(/^dockmesh[. ].*\n.*\nnext: .*\n$/);
    await expect(text).toMatchFileSnapshot(`../../golden/ending/${name}.txt`);
  });
});

test('the exits of the frozen table', () => {
  const exits = Object.fromEntries(Object.entries(cases).map(([name, { standing }]) => [name, standing.exit]));
  expect(exits).toEqual({
    committed: 0,
    'committed-no-alive': 0,
    'committed-warning': 0,
    'committed-install': 0,
    'committed-rollback': 0,
    restored: 7,
    'restored-asked': 0,
    'restored-deadline': 7,
    untouched: 4,
    'untouched-asked': 0,
    partial: 7,
    'partial-asked': 0,
    mixed: 8,
    paused: 9,
    'paused-after-swap': 9,
    'paused-guarded': 9,
    'paused-external': 9,
    'paused-external-guarded': 9,
    'paused-no-way-back': 9,
    'committed-waived': 0,
    interrupted: 9,
    'interrupted-guarded': 9,
    'committed-killed': 0,
  });
});

test.each(['restored', 'paused-external'])('json: %s', async (name) => {
  const one = cases[name];
  if (one === undefined) throw new Error('there is such a case');
  await expect(`${JSON.stringify(endingJson(one), null, 2)}\n`).toMatchFileSnapshot(`../../golden/ending/${name}.json`);
});
