import { expect, test } from 'vitest';
import { buildReleases } from '../../scripts/build-sample.mjs';
import { errorOf, expectOld, look } from './support/outcome.ts';
import { NEW, OLD, openScene } from './support/scene.ts';

const VERSIONS = [OLD, 'v0.2.10', NEW];

test('a release that failed is passed by until somebody names it, or lets it be chosen again', async () => {
  await using scene = await openScene({ versions: VERSIONS, breaks: { [NEW]: 'boot' } });
  const before = await look(scene);
  expect(await scene.upgrade(['--to', 'v0.2.x'])).toMatchObject({ exit: 7 });
  await expectOld(scene, before);

  const { stdout } = await scene.refit(['plan', '--to', 'v0.2.x', '--source', scene.releases]);
  expect(stdout).toContain('Upgrade sample: v0.2.9 -> v0.2.10 (asked for: v0.2.x)');
  expect(stdout).toMatch(/skips {3}v0\.2\.13, which failed here on 20\d\d-/);
  expect((await scene.refit(['status'])).stdout).toContain('refit unskip v0.2.13');

  const named = await scene.refit(['plan', '--to', NEW, '--source', scene.releases]);
  expect(named.stdout).toContain('Upgrade sample: v0.2.9 -> v0.2.13');
  const only = await scene.refit(['plan', '--to', '>=0.2.11', '--source', scene.releases, '-o', 'json']);
  expect(errorOf(only)).toMatchObject({ code: 'E_RELEASE_SKIPPED', hint: expect.stringContaining('--to v0.2.13') });

  expect(await scene.refit(['unskip', NEW])).toMatchObject({ exit: 0 });
  const again = await scene.refit(['plan', '--to', 'v0.2.x', '--source', scene.releases, '-o', 'json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ to: NEW, skips: [] });
  expect((await scene.refit(['status'])).stdout).not.toContain('unskip');
});

test('with nothing newer left there is nothing to do; other bytes under the same tag may be tried', async () => {
  await using scene = await openScene({ versions: [OLD, NEW], breaks: { [NEW]: 'migration' } });
  expect(await scene.upgrade(['--to', 'latest'])).toMatchObject({ exit: 4 });
  const again = await scene.upgrade(['--to', 'latest', '-o', 'json']);
  expect({ exit: again.exit, ...JSON.parse(again.stdout) }).toMatchObject({
    exit: 0,
    nothingToDo: true,
    version: OLD,
    passedBy: [{ tag: NEW, code: 'E_MIGRATION_FAILED' }],
  });
  buildReleases({ out: scene.releases, versions: [OLD, NEW] });
  // What was downloaded before is kept under its digest, and in nobody's way.
  expect(await scene.upgrade(['--to', 'latest'])).toMatchObject({ exit: 0 });
});

test('only what is passed by can be let through', async () => {
  await using scene = await openScene({ versions: VERSIONS, start: false });
  const outcome = await scene.refit(['unskip', 'v9.9.9', '-o', 'json']);
  expect(outcome.exit).toBe(4);
  expect(errorOf(outcome)).toMatchObject({ code: 'E_NOT_SKIPPED' });
});
