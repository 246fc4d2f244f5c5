import { expect, test } from 'vitest';
import { progressReport } from '../../../src/cli/report/progress.ts';
import type { RunEvent } from '../../../src/runbook/worker/events.ts';
import { recordingTerminal } from '../support/terminal.ts';

let seq = 0;
const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
type Body<T = RunEvent> = T extends unknown ? Omit<T, 'seq' | 'at'> : never;
const event = (body: Body, ms = 0): RunEvent => ({ seq: ++seq, at: at(ms), ...body }) as RunEvent;
const step = (type: 'step.begin' | 'step.end' | 'undo.end', index: number, ms = 0): RunEvent =>
  event({ type, step: index, stage: 'fetch', title: 'Download \x1b[2Jit' }, ms);

function shown(events: readonly RunEvent[], live = false, planned = 0): string {
  const terminal = recordingTerminal({ live });
  const report = progressReport(terminal, planned);
  for (const each of events) report.show(each);
  report.end();
  expect(terminal.stdout).toBe('');
  return terminal.stderr;
}

test('a line per step, with what it took', () => {
  const begin = event({ type: 'run.begin', installation: 'a', from: 'v1.0.0', to: 'v1.1.0', steps: 3 });
  expect(shown([begin, step('step.begin', 0), step('step.end', 0, 1_200)])).toBe(
    '  ok     1/3 Download ?[2Jit (1.2 s)\n',
  );
});

test('who comes late knows the number of steps, and no time for what began before', () => {
  expect(shown([step('step.end', 1, 1_200)], false, 13)).toBe('  ok     2/13 Download ?[2Jit\n');
});

test('the way back', () => {
  const failure = {
    type: 'step.fail',
    step: 1,
    title: 'Start',
    code: 'E_SERVICE_START',
    message: 'Cannot start',
  } as const;
  const stuck = { type: 'undo.fail', step: 0, title: 'Rename', code: 'E_IO', message: 'Cannot rename' } as const;
  const events = [event(failure), event({ type: 'run.turn', reason: 'failure' }), step('undo.end', 1), event(stuck)];
  expect(shown(events, false, 2).split('\n')).toEqual([
    '  FAIL   2/2 Start',
    '        Cannot start',
    '  back  going back, last step first',
    '  undid  2/2 Download ?[2Jit',
    '  STUCK  1/2 Rename',
    '        Cannot rename',
    '',
  ]);
});

test('bytes are for terminals that can be redrawn', () => {
  const progress = { kind: 'bytes', what: 'it.tar.gz', done: 1, total: 2 } as const;
  expect(shown([event({ type: 'progress', progress })])).toBe('');
});

test('elsewhere a slow transfer says how long it will take', () => {
  const progress = { kind: 'bytes', what: 'it.tar.gz', done: 2 ** 20, total: 2 ** 23 } as const;
  const slow = { ...progress, bytesPerSecond: 50_000, remainingMs: 146_800 };
  expect(shown([event({ type: 'progress', progress: slow })])).toBe(
    '        it.tar.gz: 1.0 MiB of 8.0 MiB at 48.8 KiB/s, about 3 min to go\n',
  );
});

test('notes are lines', () => {
  expect(shown([event({ type: 'progress', progress: { kind: 'note', text: 'healthy' } })])).toBe('        healthy\n');
});

test('a live terminal shows what is being done, cut to its width, and takes it away', () => {
  const long = event({ type: 'step.begin', step: 0, stage: 'fetch', title: 'x'.repeat(200) });
  const text = shown([long, step('step.end', 0, 5)], true, 1);
  const [doing = '', done = ''] = text.split('\r');
  expect(doing).toMatch(/^ {2}\.\.\. {4}1\/1 x+$/);
  expect(doing.length).toBe(79);
  expect(done).toBe('\x1b[2K  ok     1/1 Download ?[2Jit (5 ms)\n');
});

test('a live terminal breaks long lines at words, as wide as it is; whoever reads lines gets lines', () => {
  const title = 'word '.repeat(20).trimEnd();
  const [failed, stuck] = [
    event({ type: 'step.fail', step: 9, title, code: 'E_IO', message: title }),
    event({ type: 'undo.end', step: 9, stage: 'fetch', title }),
  ];
  expect(shown([failed, stuck], false, 12).split('\n')).toHaveLength(4);
  expect(shown([failed, stuck], true, 12).split('\n')).toEqual([
    `  FAIL  10/12 ${'word '.repeat(13).trimEnd()}`,
    `              ${'word '.repeat(7).trimEnd()}`,
    `        ${'word '.repeat(14).trimEnd()}`,
    `        ${'word '.repeat(6).trimEnd()}`,
    `  undid 10/12 ${'word '.repeat(13).trimEnd()}`,
    `              ${'word '.repeat(7).trimEnd()}`,
    '',
  ]);
});

test('what is half drawn goes at the end', () => {
  expect(shown([step('step.begin', 0)], true, 1).endsWith('\r\x1b[2K')).toBe(true);
});
