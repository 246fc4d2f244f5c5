import { expect, test } from 'vitest';
import { replay } from '../../src/engine/replay.ts';
import { compile } from '../../src/runbook/compile.ts';
import type { RunOptions } from '../../src/runbook/facts.ts';
import { authorityOf, waivedInVain, waiverFor, waiversAmong, waiversOf } from '../../src/runbook/waivers.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, done } from './records.ts';

const finding = (code: string, severity: 'ok' | 'warning' | 'inhibit', waived = false, measured = 'm') => ({
  ...{ code, severity, waived, measured, limit: 'l', remedy: 'r' },
});
const ADA = { who: 'ada', why: 'the disk grows tonight' };

test('what stood and was waived is kept with who, why and what was seen; nothing else is', () => {
  const results = [
    finding('low-space', 'inhibit', true, '3 MiB free at /'),
    finding('low-space', 'inhibit', true, '4 MiB free at /var'),
    finding('unit-changed', 'inhibit'),
    finding('files', 'ok'),
  ];
  expect(waiversAmong(results, ADA)).toEqual([
    { code: 'low-space', ...ADA, measured: '3 MiB free at /', limit: 'l' },
    { code: 'low-space', ...ADA, measured: '4 MiB free at /var', limit: 'l' },
  ]);
});

test('what was named and stands against nothing is told; what is met only later is not called vain', () => {
  const results = [finding('low-space', 'inhibit', true), finding('unit-changed', 'ok'), finding('jobs', 'warning')];
  const codes = ['low-space', 'unit-changed', 'jobs', 'space', 'space', 'external', 'no-way-back'];
  expect(waivedInVain(codes, results)).toEqual([
    { code: 'unit-changed', passed: true },
    { code: 'jobs', passed: true },
    { code: 'space', passed: false },
  ]);
});

test('who lets something pass: this command, else whoever made the plan, else whoever began it', () => {
  const command = { waived: ['external'], who: 'bob', why: 'known' };
  const by = authorityOf({ waived: ['low-space'], waiving: ADA }, 'ada', command);
  expect([by('external'), by('low-space'), by('jobs')]).toEqual([{ who: 'bob', why: 'known' }, ADA, undefined]);
  const old = authorityOf({ waived: ['low-space'] }, 'ada', { ...command, waived: [] });
  expect(old('low-space')).toEqual({ who: 'ada', why: null });
});

test('a step names what it met', () => {
  const seen = { code: 'external', measured: 'docker', limit: 'well' };
  expect(waiverFor({ waivedBy: () => ADA }, seen)).toEqual({ ...seen, ...ADA });
  expect(waiverFor({ waivedBy: () => undefined }, seen)).toBeUndefined();
});

async function ofRun(options: Partial<RunOptions>, output: object | null = null) {
  const facts = await dockmeshFacts();
  const plan = compile('upgrade', { ...facts, options: { ...facts.options, ...options } });
  const state = replay([begin(plan), ...(output === null ? [] : done(plan, 'arm-window', output as never))]);
  return state === undefined ? [] : waiversOf(state);
}

test('a run tells what its plan found, and of each code what its steps saw last', async () => {
  const planned = [
    { code: 'low-space', ...ADA, measured: 'then', limit: 'l' },
    { code: 'unit-changed', ...ADA, measured: 'then', limit: 'l' },
  ];
  const met = { code: 'low-space', who: 'bob', why: null, measured: 'now', limit: 'l' };
  expect(await ofRun({ waivers: planned, waived: ['low-space', 'unit-changed', 'space'] })).toEqual(planned);
  expect(await ofRun({ waivers: planned }, { armedAtMs: 1, waivers: [met] })).toEqual([planned[1], met]);
  expect(await ofRun({ waivers: [], waived: ['space'] })).toEqual([]);
});

test('a journal of before has the names alone', async () => {
  expect(await ofRun({ waived: ['low-space'] })).toEqual([
    { code: 'low-space', who: 'test', why: null, measured: null, limit: null },
  ]);
});
