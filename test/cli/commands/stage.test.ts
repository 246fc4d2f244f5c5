import { describe, expect, test } from 'vitest';
import { records, rollbackPlan } from '../support/made.ts';
import { desk } from '../support/open.ts';

test.each(['verify', 'backup', 'swap', 'migrate', 'verify-health'])('%s begins nothing', async (stage) => {
  const { type } = await desk();
  await expect(type(stage)).rejects.toMatchObject({
    code: 'E_NO_OPEN_RUN',
    hint: expect.stringContaining('refit fetch'),
  });
});

describe('with a run that was unpacked', () => {
  const unpacked = { records: records(3, { type: 'run.pause', reason: 'asked' }) };

  test.each(['swap', 'migrate', 'verify-health'])('%s comes later', async (stage) => {
    const { type } = await desk(unpacked);
    await expect(type(stage)).rejects.toMatchObject({
      code: 'E_USAGE',
      message: `Cannot ${stage} yet: backup comes first`,
      hint: 'refit backup',
    });
  });

  test.each(['fetch', 'verify'])('%s was done', async (stage) => {
    const { type, terminal } = await desk(unpacked);
    expect(await type(stage)).toBe(0);
    expect(terminal.stdout).toBe(`${stage} is done already; next: refit backup\n`);
  });

  test('-o json says it too', async () => {
    const { type, terminal } = await desk({ ...unpacked, output: 'json' });
    expect(await type('fetch')).toBe(0);
    expect(JSON.parse(terminal.stdout)).toMatchObject({ done: 'fetch', next: 'backup' });
  });

  test('another target is refused', async () => {
    const { type } = await desk(unpacked);
    await expect(type('backup', { to: 'v0.2.10' })).rejects.toMatchObject({ code: 'E_RUN_OPEN' });
  });
});

test('swap asks: the service goes down', async () => {
  const { type, terminal } = await desk({ records: records(4), asks: true, answer: 'n' });
  await expect(type('swap')).rejects.toMatchObject({ code: 'E_DECLINED' });
  expect(terminal.stderr).toContain('It stays down until refit migrate.');
});

test('a run on its way back has no stages', async () => {
  const { type } = await desk({ records: records(3, { type: 'run.turn', reason: 'failure' }) });
  await expect(type('backup')).rejects.toMatchObject({
    code: 'E_RUN_OPEN',
    message: expect.stringContaining('way back'),
  });
});

test('nor has a rollback', async () => {
  const { type } = await desk({ records: records(1), of: rollbackPlan() });
  await expect(type('swap')).rejects.toMatchObject({ code: 'E_RUN_OPEN' });
});
