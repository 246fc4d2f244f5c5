import { expect, test } from 'vitest';
import type { BreakMode } from '../../scripts/build-sample.mjs';
import { recordsOf } from './support/journal.ts';
import { expectFailedRun, expectOld, expectUntouched, look } from './support/outcome.ts';
import { profileWith } from './support/profile.ts';
import { NEW, openScene } from './support/scene.ts';

/**
 * Releases that must not stay, each of which the old version comes back from with its data as it was. Crash loops, whose
 * restarts are systemd's, are in test/system/missed-rollback.test.ts too. What ends after 20 s ends here after 1.5 s of a soak
 * of 3 s, as 20 s of dockmesh's 30 s.
 */
const QUICK = { startTimeout: '4s', timeout: '2s' };
const SOAKED = { soak: '3s' };

test.concurrent.each<[string, BreakMode, Parameters<typeof profileWith>[1], string, RegExp]>([
  ['ends at once, without a word', 'silent', {}, 'E_SERVICE_START', /saw unit failed \(exit-code\)/],
  ['answers, ends 0.1 s later', 'crashloop', SOAKED, 'E_', /config load failed|unit failed|: saw .*(ECONN|hang up)/],
  [
    'ends after a while, exit 1',
    'dies-late',
    SOAKED,
    'E_HEALTH_FAILED',
    /not stable: unit failed|: saw .*(ECONN|hang up)/,
  ],
  [
    'ends after a while, exit 0',
    'ends-late',
    SOAKED,
    'E_HEALTH_FAILED',
    /not stable: unit failed|: saw .*(ECONN|hang up)/,
  ],
  ['answers 500', 'errors', QUICK, 'E_SERVICE_START', /saw 500 internal error after 4000 ms/],
  ['accepts and never answers', 'hang', QUICK, 'E_SERVICE_START', /saw .* after 4000 ms, expected an answer/],
  ['tells another version', 'version', QUICK, 'E_HEALTH_FAILED', /version = "v0\.0\.0-wrong", expected "v0\.2\.13"/],
  ['a page instead of ready', 'page', QUICK, 'E_SERVICE_START', /saw 200 <!doctype html>/],
  ['never ready', 'health', QUICK, 'E_SERVICE_START', /saw 503 db unreachable: broken/],
])('%s: reverted', async (_what, mode, times, code, saw) => {
  await using scene = await openScene({ breaks: { [NEW]: mode } });
  const before = await look(scene);
  const outcome = await scene.upgrade(['--to', NEW, '--profile', profileWith(scene, times)]);
  const found = /\[(E_[A-Z_]+)\]/.exec(outcome.stdout)?.[1] ?? 'none';
  expect(found).toMatch(code);
  expectFailedRun(outcome, { exit: 7, code: found, saw, next: /evidence/ });
  expect(recordsOf(scene)).toContain('run.turn failure');
  await expectOld(scene, before);
});

test.concurrent.each<[BreakMode, number, string, RegExp]>([
  ['unloadable', 6, 'E_VERSION_MISMATCH', /says no version, expected v0\.2\.13/],
  ['noexec', 6, 'E_ARCH_MISMATCH', /amd64|arm64/],
])('a binary that cannot be executed (%s) is met before the service is touched', async (mode, exit, code, saw) => {
  await using scene = await openScene({ breaks: { [NEW]: mode } });
  const before = await look(scene);
  expectFailedRun(await scene.upgrade(['--to', NEW]), { exit, code, saw, next: /./ });
  await expectUntouched(scene, before);
});
