import { expect, test } from 'vitest';
import { records } from '../support/made.ts';
import { desk } from '../support/open.ts';

test('an open run: it asks before it is undone', async () => {
  const { type, terminal } = await desk({ records: records(5), asks: true, answer: '' });
  await expect(type('rollback')).rejects.toMatchObject({ code: 'E_DECLINED' });
  expect(terminal.stderr).toBe('Undo the run of dockmesh to v0.2.13 and go back to v0.2.9? [y/N] ');
});

test('--dry-run says it only', async () => {
  const { type, terminal } = await desk({ records: records(5) });
  expect(await type('rollback', { dryRun: true })).toBe(0);
  expect(terminal.stdout).toBe('Undo the run of dockmesh to v0.2.13 and go back to v0.2.9\n');
});

test('past its commit a run can only be finished', async () => {
  const { type, terminal } = await desk({ records: records(8, { type: 'hop.commit', hop: 0 }), output: 'json' });
  expect(await type('rollback', { dryRun: true })).toBe(0);
  expect(JSON.parse(terminal.stdout)).toMatchObject({ installation: 'dockmesh', from: 'v0.2.13', to: 'v0.2.13' });
});
