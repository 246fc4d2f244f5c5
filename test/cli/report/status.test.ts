import { expect, test } from 'vitest';
import { statusText } from '../../../src/cli/report/status.ts';
import type { InstallationStatus } from '../../../src/runbook/status.ts';
import type { RunSummary } from '../../../src/runbook/store/state.ts';
import { now, RUN, SKIPPED } from '../support/made.ts';

const run = (over: Partial<RunSummary> = {}): RunSummary => ({
  run: RUN,
  purpose: 'upgrade',
  from: 'v0.2.9',
  to: 'v0.2.13',
  by: 'ada',
  standing: 'committed',
  paused: undefined,
  exit: 0,
  windowMs: 182,
  window: { readyMs: 182, aliveMs: 170, resolutionMs: 12, by: 'prober' },
  error: undefined,
  ...over,
});

function status(over: Partial<InstallationStatus['state']> = {}, rest: Partial<InstallationStatus> = {}) {
  const state = { format: 1, installation: 'dockmesh', product: 'dockmesh', version: undefined } as const;
  const none = { last: undefined, open: undefined, skipped: [], rollback: undefined };
  const looked = { installation: 'dockmesh', now: now(), worker: false, rollbackBytes: undefined, problems: [] };
  return { ...looked, state: { ...state, ...none, ...over }, ...rest };
}

const rollback = { version: 'v0.2.9', directory: '/generation' };
const error = { code: 'E_HEALTH_FAILED', message: 'Cannot find it healthy' };
const paused = run({ standing: 'paused', paused: 'signal', windowMs: undefined, window: undefined });
const held = (why: 'external' | 'no-way-back') => run({ standing: 'paused', paused: why, error });

test('a run that waits says until when, and what it lets pass', () => {
  const waiver = { code: 'low-space', who: 'ada', why: null, measured: '3 MiB free', limit: '9 MiB' };
  const open = { ...paused, standing: 'interrupted', waitsUntil: '2026-01-02T03:00:00.000Z', waivers: [waiver] };
  const [, doing, waived] = statusText(status({ last: open, open }, { worker: true })).split('\n');
  expect(doing).toBe('  upgrade v0.2.9 -> v0.2.13 waits until 2026-01-02 03:00:00 UTC: refit attach');
  expect(waived).toBe('  waived low-space (3 MiB free; expected 9 MiB), by ada');
  expect(statusText(status({ last: open, open }))).toContain('is interrupted: refit resume finishes it');
});

test.each(
  Object.entries({
    none: status(),
    committed: status({ last: run(), rollback }, { rollbackBytes: 268 * 1024 }),
    restored: status({ last: run({ standing: 'restored', error }), skipped: [SKIPPED] }),
    open: status({ last: paused, open: paused, rollback }),
    external: status({ last: held('external'), open: held('external') }),
    'no-way-back': status({ last: held('no-way-back'), open: held('no-way-back') }),
    working: status({ last: paused, open: paused }, { worker: true }),
    unread: status(
      {},
      {
        now: now({ version: undefined, answers: undefined }),
        problems: [{ code: 'E_PERMISSION', message: 'Cannot list /var/lib/refit/dockmesh/runs: EACCES' }],
      },
    ),
  }),
)('%s: the service first', async (name, one) => {
  const text = statusText(one);
  expect(text.startsWith('dockmesh.service is active (running)')).toBe(true);
  await expect(text).toMatchFileSnapshot(`../../golden/status/${name}.txt`);
});
