import { expect, test } from 'vitest';
import { factsOf } from '../../../src/runbook/facts.ts';
import { plan, records } from '../support/made.ts';
import { desk } from '../support/open.ts';

const done = records(8, { type: 'hop.commit', hop: 0 }, { type: 'run.end', outcome: 'committed' });

test('a host without runs', async () => {
  const { type, terminal } = await desk();
  expect(await type('history')).toBe(0);
  expect(terminal.stdout).toBe('no runs yet\n');
});

test('a line per run', async () => {
  const { type, terminal } = await desk({ records: done });
  expect(await type('history')).toBe(0);
  expect(terminal.stdout.split('\n')[1]).toMatch(
    /^2026-11-21 12:49 {2}dockmesh {6}upgrade v0\.2\.9 -> v0\.2\.13 {2}committed {2}\d.* ada$/,
  );
});

test('what was waived has a column where anything was', async () => {
  const whole = plan();
  const waiver = { code: 'low-space', who: 'ada', why: 'it grows\u001b[2J', measured: '3 MiB', limit: '9 MiB' };
  const facts = { ...factsOf(whole), options: { ...factsOf(whole).options, waivers: [waiver] } };
  const { type, terminal } = await desk({ records: done, of: { ...whole, facts } });
  expect(await type('history')).toBe(0);
  const [heads, row] = terminal.stdout.split('\n');
  expect(heads).toMatch(/ BY {3}WAIVED$/);
  expect(row).toMatch(/ ada {2}low-space, by ada because it grows\?\[2J$/);
});

test('-o json', async () => {
  const { type, terminal } = await desk({ records: done, output: 'json' });
  expect(await type('history')).toBe(0);
  expect(JSON.parse(terminal.stdout)).toMatchObject({
    runs: [
      { installation: 'dockmesh', at: '2026-11-21T12:49:34.655Z', purpose: 'upgrade', standing: 'committed', exit: 0 },
    ],
  });
});
