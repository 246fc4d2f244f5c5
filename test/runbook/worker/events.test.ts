import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { replay } from '../../../src/engine/replay.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { type RunPaths, runPaths, storePaths } from '../../../src/runbook/store/paths.ts';
import { eventOf, openEvents } from '../../../src/runbook/worker/events.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin, begun, indexOf } from '../records.ts';

const host = realHost();
const plan = compile('upgrade', await dockmeshFacts());

function runIn(directory: string): RunPaths {
  const run = runPaths(storePaths(directory, 'sample'), 'R');
  fs.mkdirSync(run.directory, { recursive: true });
  return run;
}

const linesOf = (run: RunPaths) => fs.readFileSync(run.events, 'utf8').split('\n').slice(0, -1);
const note = (text: string) => ({ type: 'progress', progress: { kind: 'note', text } }) as const;

test('numbers are gapless over all workers of a run', async () => {
  const run = runIn(scratch());
  for (const pid of [1, 2, 3]) {
    const events = await openEvents(host, run);
    events.write({ type: 'worker.start', pid, by: 'test' });
    events.write(note('…'.repeat(1000)));
    await events.flush();
  }
  expect(linesOf(run).map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(fs.statSync(run.events).mode & 0o777).toBe(0o600);
});

test('half a line of a killed worker stays alone on its line, and its number is given again', async () => {
  const run = runIn(scratch());
  const first = await openEvents(host, run);
  first.write({ type: 'run.turn', reason: 'failure' });
  await first.flush();
  fs.appendFileSync(run.events, '{"seq":2,"at":"2026');
  const second = await openEvents(host, run);
  second.write(note('on'));
  second.write(note('and on'));
  await second.flush();
  const [one, torn, two, three] = linesOf(run);
  expect([one, two, three].map((line) => (JSON.parse(line ?? '') as { seq: number }).seq)).toEqual([1, 2, 3]);
  expect(torn).toBe('{"seq":2,"at":"2026');
});

test('a line that a full disk refused leaves no gap, and stops nothing', async () => {
  const run = runIn(scratch());
  let full = false;
  const { files, clock } = realHost({
    run(effect, act) {
      if (full && effect.label.endsWith('/events.ndjson'))
        throw Object.assign(new Error('injected'), { code: 'ENOSPC' });
      return act(() => undefined);
    },
  });
  const events = await openEvents({ files, clock }, run);
  events.write(note('one'));
  await events.flush();
  full = true;
  events.write(note('lost'));
  await events.flush();
  full = false;
  events.write(note('two'));
  await events.flush();
  expect(linesOf(run).map((line) => JSON.parse(line))).toMatchObject([
    { seq: 1, progress: { text: 'one' } },
    { seq: 2, progress: { text: 'two' } },
  ]);
});

test('of a transfer only now and then a line is written, and always the last', async () => {
  const run = runIn(scratch());
  const still = { ...host, clock: { ...host.clock, monotonic: () => 0 } };
  const events = await openEvents(still, run);
  for (let done = 0; done <= 100; done++)
    events.write({ type: 'progress', progress: { kind: 'bytes', what: 'a', done, total: 100 } });
  await events.flush();
  expect(linesOf(run).map((line) => (JSON.parse(line) as { progress: { done: number } }).progress.done)).toEqual([
    0, 100,
  ]);
});

test.each<[string, JournalRecord, object | undefined]>([
  ['run.begin', begin(plan), { type: 'run.begin', installation: 'dockmesh', from: 'v0.2.9', to: 'v0.2.13', steps: 17 }],
  [
    'step.begin',
    begun(plan, 'stop', { secret: 'hunter2' }),
    { type: 'step.begin', stage: 'swap', title: 'Stop dockmesh.service' },
  ],
  [
    'step.fail',
    { type: 'step.fail', step: indexOf(plan, 'start'), failure: { code: 'E_SERVICE_START', message: 'Cannot' } },
    {
      type: 'step.fail',
      title: 'Start dockmesh.service and wait for its answer',
      code: 'E_SERVICE_START',
      message: 'Cannot',
    },
  ],
  ['run.turn', { type: 'run.turn', reason: 'operator' }, { type: 'run.turn', reason: 'operator' }],
  ['hop.commit', { type: 'hop.commit', hop: 0 }, { type: 'hop.commit', to: 'v0.2.13' }],
  ['run.end', { type: 'run.end', outcome: 'restored' }, { type: 'run.end', outcome: 'restored' }],
  ['try', { type: 'try', step: 0, phase: 'change', boot: 'b' }, undefined],
])('of the record %s viewers see no more than they need', (_name, record, expected) => {
  const state = replay([begin(plan)]);
  if (state === undefined) throw new Error('no state');
  const event = eventOf(record, state);
  if (expected === undefined) expect(event).toBeUndefined();
  else expect(event).toMatchObject(expected);
  expect(JSON.stringify(event ?? '')).not.toContain('hunter2');
});
